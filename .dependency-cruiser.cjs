/**
 * The layers of docs/architecture.md as rules. An arrow that is not listed there is an error here.
 * Specifiers are resolved through symlinks, so notebooks/engine counts as src/engine.
 */
const NODE_BUILTIN = ["core"];

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      comment: "A cycle means two modules are one concept, or a concept stands in the wrong place.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "engine-is-pure",
      severity: "error",
      comment: "The engine runs in pages, workers, loaders, server and CLI: no node built-ins.",
      from: { path: "^src/engine/" },
      to: { dependencyTypes: NODE_BUILTIN },
    },
    {
      name: "engine-imports-engine-only",
      severity: "error",
      from: { path: "^src/engine/" },
      to: { pathNot: "^(src/engine/|node_modules/(graphology|graphology-.*|@dagrejs/dagre|croner|saxes)/)" },
    },
    {
      name: "engine-units-first",
      severity: "error",
      comment: "Rank 1: units import units.",
      from: { path: "^src/engine/units/" },
      to: { path: "^src/engine/", pathNot: "^src/engine/(units/|errors\\.ts)" },
    },
    {
      name: "engine-rank-2",
      severity: "error",
      comment: "Rank 2: market-data, statistics, boosting and feature-table import units and each other.",
      from: { path: "^src/engine/(market-data|statistics|boosting|feature-table)/" },
      to: {
        path: "^src/engine/",
        pathNot: "^src/engine/(units/|market-data/|statistics/|boosting/|feature-table/|errors\\.ts)",
      },
    },
    {
      name: "engine-rank-3-siblings",
      severity: "error",
      comment: "Rank 3 folders do not import one another; the demo market speaks of ticks in live-market's words.",
      from: { path: "^src/engine/(indicators|lead-lag|value-chain|data-quality|live-market)/" },
      to: {
        path: "^src/engine/(indicators|lead-lag|value-chain|data-quality|live-market|simulated-market)/",
        pathNot: "^src/engine/$1/",
      },
    },
    {
      name: "engine-demo-market",
      severity: "error",
      from: { path: "^src/engine/simulated-market/" },
      to: { path: "^src/engine/(indicators|lead-lag|value-chain|data-quality)/" },
    },
    {
      name: "engine-trading",
      severity: "error",
      comment: "Rank 2: orders are words of their own.",
      from: { path: "^src/engine/trading/" },
      to: { path: "^src/engine/", pathNot: "^src/engine/(units/|market-data/|trading/|errors\\.ts)" },
    },
    {
      name: "engine-portfolio",
      severity: "error",
      comment: "Rank 3: weights, sizes and orders know prices and statistics.",
      from: { path: "^src/engine/portfolio/" },
      to: {
        path: "^src/engine/",
        pathNot: "^src/engine/(units/|market-data/|statistics/|trading/|portfolio/|errors\\.ts)",
      },
    },
    {
      name: "engine-workflow",
      severity: "error",
      comment:
        "Rank 4: nodes compute with indicators and portfolio; studies and the value chain come through services.",
      from: { path: "^src/engine/workflow/" },
      to: { path: "^src/engine/(boosting|feature-table|lead-lag|value-chain|data-quality|simulated-market)/" },
    },
    {
      name: "engine-below-workflow",
      severity: "error",
      comment: "Nothing else of the engine knows of workflows.",
      from: { path: "^src/engine/", pathNot: "^src/engine/workflow/" },
      to: { path: "^src/engine/workflow/" },
    },
    {
      name: "contracts-import-engine-and-zod",
      severity: "error",
      from: { path: "^src/contracts/" },
      to: { pathNot: "^(src/(contracts|engine)/|node_modules/zod/)" },
    },
    {
      name: "compute-imports",
      severity: "error",
      comment: "Worker threads around the engine: what they compute is the engine's.",
      from: { path: "^src/compute/" },
      to: { path: "^(src/(store|import|site|server|cli)/|notebooks/|data-loaders/)" },
    },
    {
      name: "store-imports",
      severity: "error",
      from: { path: "^src/store/" },
      to: {
        path: "^(src/(compute|import|feeds|shared-state|ingestion|site|server|cli)/|notebooks/|data-loaders/|node_modules/express/)",
      },
    },
    {
      name: "import-imports",
      severity: "error",
      from: { path: "^src/import/" },
      to: { path: "^(src/(site|server|cli)/|notebooks/|data-loaders/)" },
    },
    {
      name: "feeds-imports",
      severity: "error",
      comment: "A feed knows the engine and the shapes on the wire: where its events go is not its business.",
      from: { path: "^src/feeds/" },
      to: {
        path: "^(src/(compute|store|import|shared-state|ingestion|site|server|cli)/|notebooks/|data-loaders/|node_modules/express/)",
      },
    },
    {
      name: "shared-state-imports",
      severity: "error",
      from: { path: "^src/shared-state/" },
      to: {
        path: "^(src/(compute|store|import|feeds|ingestion|site|server|cli)/|notebooks/|data-loaders/|node_modules/express/)",
      },
    },
    {
      name: "ingestion-imports",
      severity: "error",
      comment: "From a feed to the store and the bus; it serves nobody.",
      from: { path: "^src/ingestion/" },
      to: { path: "^(src/(compute|import|site|server|cli)/|notebooks/|data-loaders/|node_modules/express/)" },
    },
    {
      name: "site-imports",
      severity: "error",
      comment: "Building and checking the static site knows nothing of the server or the CLI.",
      from: { path: "^src/site/" },
      to: { path: "^(src/(server|cli|import)/|notebooks/)" },
    },
    {
      name: "server-imports",
      severity: "error",
      from: { path: "^src/server/" },
      to: { path: "^(src/cli/|notebooks/|data-loaders/)" },
    },
    {
      name: "loaders-imports",
      severity: "error",
      from: { path: "^data-loaders/" },
      to: { path: "^(src/(server|cli|import|site)/|notebooks/)" },
    },
    {
      name: "notebooks-imports",
      severity: "error",
      comment: "Pages see the engine, the contracts and their components; everything else comes over the wire.",
      from: { path: "^notebooks/" },
      to: { path: "^(src/(store|import|site|server|cli)/|data-loaders/)" },
    },
    {
      name: "no-dev-dependency-in-product",
      severity: "error",
      from: { path: "^(src|data-loaders|notebooks|bin)/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"], pathNot: "node_modules/@types/" },
    },
    {
      name: "not-to-unresolvable",
      severity: "error",
      from: { pathNot: "^notebooks/" },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
    tsConfig: { fileName: "tsconfig.json" },
  },
};
