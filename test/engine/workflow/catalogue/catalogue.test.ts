import { describe, expect, it } from "vitest";
import { catalogueDocument } from "../../../../src/engine/workflow/catalogue/catalogue-document.js";
import { NODE_CATALOGUE, nodeCatalogue } from "../../../../src/engine/workflow/node-catalogue.js";
import { implementationKey } from "../../../../src/engine/workflow/node-handler.js";
import { NODE_IMPLEMENTATIONS } from "../../../../src/engine/workflow/node-implementations.js";
import { NODE_CATEGORIES, type NodeType, RUN_PORT } from "../../../../src/engine/workflow/node-type.js";

const TYPES = NODE_CATALOGUE.types.map((type): [string, NodeType] => [type.id, type]);
const DOCUMENT = "../../../../docs/workflow-nodes.md";

/** What each trigger and each set of nodes of the requirements is called here. */
const PROMISED = [
  ...["manual", "cron", "candle-close", "price-cross", "incident", "webhook"].map((kind) => `trigger.${kind}`),
  ...["candles", "snapshot", "index", "portfolio", "exposure", "lead-lag", "file", "sql", "http"].map(
    (of) => `data.${of}`,
  ),
  ...["series.returns", "series.resample", "series.align", "series.shift", "series.formula", "value.formula"],
  ...["table.rank", "table.z-score", "table.filter", "table.join", "table.aggregate", "variable.get", "variable.set"],
  ...["loop.universe", "loop.collect", "logic.compare", "logic.between", "logic.cross-over", "logic.cross-under"],
  ...["and", "or", "not", "switch", "debounce", "market-hours", "rate-gate"].map((gate) => `logic.${gate}`),
  ...["model.predict", "model.sentiment", "portfolio.risk-parity", "portfolio.rebalance", "portfolio.size-risk"],
  ...["place-order", "cancel-order", "close-position", "notify", "open-incident", "write-table"].map(
    (what) => `action.${what}`,
  ),
  ...["action.remember", "action.call-webhook"],
];

describe("NODE_CATALOGUE", () => {
  it("has every type it promises, in every category, each id and version once", () => {
    const ids = NODE_CATALOGUE.types.map(({ id, version }) => implementationKey(id, version));
    expect(new Set(ids).size).toBe(ids.length);
    expect(NODE_CATALOGUE.types.length).toBeGreaterThanOrEqual(45);
    for (const id of PROMISED) expect(NODE_CATALOGUE.versions(id), id).not.toEqual([]);
    expect(new Set(NODE_CATALOGUE.types.map(({ category }) => category))).toEqual(new Set(NODE_CATEGORIES));
  });

  it("has an implementation for each type and none for others", () => {
    const ids = NODE_CATALOGUE.types.map(({ id, version }) => implementationKey(id, version));
    expect([...NODE_IMPLEMENTATIONS.keys()].sort()).toEqual(ids.sort());
  });

  it.each(TYPES)("%s is named once and explained in sentences", (_id, type) => {
    for (const text of [type.summary, type.details]) expect(text).toMatch(/^[\p{Lu}\d|(“`a-z].*\.$/su);
    const helps = [...type.inputs, ...type.outputs, ...type.parameters].map(({ help }) => help);
    for (const help of helps) expect(help).toMatch(/\.$/);
    for (const named of [type.inputs, type.outputs, type.parameters]) {
      const names = named.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z0-9]*$/);
    }
    expect(type.inputs.map(({ name }) => name)).not.toContain(RUN_PORT.name);
  });

  it.each(TYPES)("%s: an effect has a preview and a permission, and nothing else has a preview", (_id, type) => {
    const { preview } = NODE_IMPLEMENTATIONS.get(implementationKey(type.id, type.version))!;
    expect(preview !== undefined).toBe(type.effect !== "none");
    if (type.effect !== "none") expect(type.permission).toBeDefined();
  });

  it.each(TYPES)("%s: a trigger takes nothing, and defaults are accepted by their parameters", (_id, type) => {
    if (type.category === "trigger") expect(type.inputs).toEqual([]);
    for (const spec of type.parameters) {
      const { default: byDefault } = spec;
      if (byDefault === undefined) continue;
      if (spec.kind === "choice") expect(spec.choices).toContain(byDefault);
      if (spec.kind === "number" || spec.kind === "integer") {
        expect(byDefault).toBeGreaterThanOrEqual(spec.min);
        expect(byDefault).toBeLessThanOrEqual(spec.max);
      }
      if (spec.kind === "text" && spec.pattern !== undefined) expect(byDefault).toMatch(new RegExp(spec.pattern));
    }
  });

  it("finds types by id and version", () => {
    const [first] = NODE_CATALOGUE.types;
    const catalogue = nodeCatalogue([first!, { ...first!, version: 3 }, { ...first!, version: 2 }]);
    expect(catalogue.versions(first!.id)).toEqual([1, 2, 3]);
    expect(catalogue.find(first!.id, 2)).toMatchObject({ version: 2 });
    expect(catalogue.find(first!.id, 4)).toBeUndefined();
    expect(catalogue.versions("data.unknown")).toEqual([]);
  });
});

describe("docs/workflow-nodes.md", () => {
  it("is what the catalogue says (vitest's -u writes it again)", async () => {
    await expect(catalogueDocument(NODE_CATALOGUE.types)).toMatchFileSnapshot(DOCUMENT);
  });
});
