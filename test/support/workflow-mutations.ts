import { seededRandom } from "../../src/engine/statistics/seeded-random.js";

type Json = Record<string, unknown>;
type Random = () => number;

const STRANGE_VALUES: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => true,
  () => 0,
  () => -1,
  () => 1.5,
  () => 1e308,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => "",
  () => "n1",
  () => "$item",
  () => "a\u0000b",
  () => "\ud800",
  () => "x".repeat(100_000),
  () => "constructor",
  () => "{{vars.x + (}}",
  () => "(".repeat(2_000),
  () => [],
  () => [[[[]]]],
  () => Array.from({ length: 1_000 }, () => 0),
  () => ({}),
  () => JSON.parse('{"__proto__": {"polluted": true}}') as unknown,
  () => JSON.parse('{"constructor": {"prototype": {"polluted": true}}}') as unknown,
  () => 10n,
  () => () => 1,
  () => Symbol("s"),
  () => new Date(0),
  () => new Map([[1, 2]]),
  () => Object.create({ inherited: true }) as unknown,
  () => nested(100),
  () => circular(),
  () =>
    Object.defineProperty({}, "id", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    }),
  () =>
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
      },
    ),
];

/** Changes that leave a workflow close enough to a sound one to reach the later checks. */
const GRAPH_MUTATIONS: readonly ((workflow: Json, random: Random) => void)[] = [
  ({ nodes }, random) => drop(nodes, random),
  ({ edges }, random) => drop(edges, random),
  ({ nodes }, random) => repeat(nodes, random),
  ({ edges }, random) => repeat(edges, random, (edge) => ({ ...edge, id: `${String(edge.id)}-again` })),
  ({ nodes }, random) => shuffle(nodes, random),
  ({ edges }, random) => shuffle(edges, random),
  ({ nodes, edges }, random) => copyField(edges, nodes, "source", "id", random),
  ({ nodes, edges }, random) => copyField(edges, nodes, "target", "id", random),
  ({ edges }, random) => copyField(edges, edges, "sourceHandle", "sourceHandle", random),
  ({ edges }, random) => copyField(edges, edges, "targetHandle", "targetHandle", random),
  ({ edges }, random) => copyField(edges, edges, "targetHandle", "sourceHandle", random),
  ({ nodes }, random) => copyField(nodes, nodes, "parentId", "id", random),
  ({ nodes }, random) => copyField(nodes, nodes, "type", "type", random),
  ({ nodes }, random) => copyField(nodes, nodes, "data", "data", random),
  ({ nodes }, random) =>
    setField(nodes, "type", pick(["note", "group", "loop.universe", "loop.collect", "nonsense"], random), random),
  ({ nodes }, random) => setField(nodes, "id", pick(["n1", "", "a[b]", "__proto__", "constructor"], random), random),
  ({ edges }, random) => setField(edges, "sourceHandle", pick(["run", "toString", "", "__proto__"], random), random),
  (workflow) => Object.assign(workflow, { settings: {} }),
  (workflow, random) => Object.assign(workflow, { settings: { isDeterministic: random() < 0.5, riskProfile: "x" } }),
  (workflow) => Object.assign(workflow, { viewport: { x: 1, y: 2, zoom: 3 } }),
];

/** A copy of a workflow with one to four changes that follow from the seed, among them some that no JSON could have. */
export function mutatedWorkflow(original: unknown, seed: number): unknown {
  const random = seededRandom(seed);
  const workflow = structuredClone(original) as Json;
  const changes = 1 + Math.floor(random() * 4);
  for (let i = 0; i < changes; i++) {
    try {
      if (random() < 0.7) pick(GRAPH_MUTATIONS, random)(workflow, random);
      else replaceSomewhere(workflow, random);
    } catch {
      // What the last change put there lets nobody read it: a good case as it is.
      break;
    }
  }
  return workflow;
}

/** Walks down a random way and puts something strange at its end. */
function replaceSomewhere(workflow: Json, random: Random): void {
  let at: Json = workflow;
  while (true) {
    const keys = Object.keys(at);
    const key = random() < 0.05 || keys.length === 0 ? `extra${keys.length}` : pick(keys, random);
    const next = at[key];
    const goesOn = typeof next === "object" && next !== null && random() < 0.85;
    if (!goesOn) {
      at[key] = pick(STRANGE_VALUES, random)();
      return;
    }
    at = next as Json;
  }
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random() * items.length)]!;
}

function elements(list: unknown): Json[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === "object" && item !== null) : [];
}

function drop(list: unknown, random: Random): void {
  if (Array.isArray(list) && list.length > 0) list.splice(Math.floor(random() * list.length), 1);
}

function repeat(list: unknown, random: Random, as = (element: Json) => element): void {
  const all = elements(list);
  if (Array.isArray(list) && all.length > 0) list.push(as(pick(all, random)));
}

function shuffle(list: unknown, random: Random): void {
  if (!Array.isArray(list)) return;
  const keys = new Map(list.map((element) => [element, random()]));
  list.sort((a, b) => keys.get(a)! - keys.get(b)!);
}

function copyField(targets: unknown, sources: unknown, to: string, from: string, random: Random): void {
  const [all, others] = [elements(targets), elements(sources)];
  if (all.length > 0 && others.length > 0) pick(all, random)[to] = pick(others, random)[from];
}

function setField(list: unknown, field: string, value: unknown, random: Random): void {
  const all = elements(list);
  if (all.length > 0) pick(all, random)[field] = value;
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = { value };
  return value;
}

function circular(): unknown {
  const list: unknown[] = [];
  list.push(list, list, list);
  return { list };
}
