import type { WorkflowDefinition } from "../../../../src/engine/workflow/workflow-definition.js";
import { aNode, anEdge, aWorkflow } from "../../../support/workflow-graphs.js";

/** What is wrong, where, and the problems that must be found, each as the beginning of `CODE nodes | edges: message`. */
export type ProblemCase = readonly [what: string, definition: WorkflowDefinition, problems: readonly string[]];

const start = aNode("t", "trigger.manual");
const prices = aNode("p", "data.prices", { symbol: "HPG" });
const average = aNode("s", "series.average");
const above = aNode("g", "logic.above", { formula: "a > b" });
const order = aNode("o", "action.order");
const risk = { riskProfile: "default" };
const chain = [
  ["t.fired", "p.run"],
  ["p.close", "s.series"],
  ["p.close", "g.a"],
  ["s.series", "g.b"],
  ["g.is", "o.signal"],
] as const;
export const SOUND = aWorkflow([start, prices, average, above, order], chain, risk);

/** The sound workflow with another node behind the trigger. */
export function withNode(node: ReturnType<typeof aNode>, settings = {}): WorkflowDefinition {
  return aWorkflow([...SOUND.nodes, node], [...SOUND.edges, anEdge("t.fired", `${node.id}.run`)], {
    ...risk,
    ...settings,
  });
}

/** The sound workflow with an edge more. */
function withEdge(from: string, to: string): WorkflowDefinition {
  return aWorkflow(SOUND.nodes, [...SOUND.edges, anEdge(from, to, "e")], risk);
}

export const GRAPH_CASES: readonly ProblemCase[] = [
  [
    "two nodes of one id",
    aWorkflow([start, prices, prices], [["t.fired", "p.run"]]),
    [
      'DUPLICATE_ID p | : id "p" of 2 nodes (accepted: a different one for each)',
      "NODE_UNREACHABLE p | : node p: no path leads to it (accepted: one from the trigger)",
    ],
  ],
  [
    "two edges of one id",
    aWorkflow([start, prices, average], [anEdge("t.fired", "p.run", "e"), anEdge("p.close", "s.series", "e")]),
    ['DUPLICATE_ID  | e: id "e" of 2 edges (accepted: a different one for each)'],
  ],
  [
    "an unknown type",
    withNode(aNode("x", "data.magic")),
    ['NODE_TYPE_UNKNOWN x | : node x: type "data.magic" (accepted: one of the catalogue)'],
  ],
  [
    "an unknown version",
    withNode(aNode("x", "series.average", {}, { version: 3 })),
    ["NODE_VERSION_UNKNOWN x | : node x: version 3 (accepted for series.average: 1, 2)"],
  ],
  [
    "a parent that is no node",
    withNode(aNode("x", "data.prices", { symbol: "HPG" }, { parentId: "nowhere" })),
    ['DEFINITION_INVALID x | : node x: parent "nowhere" is no node (accepted: a group or a loop)'],
  ],
  [
    "a parent that holds nothing",
    withNode(aNode("x", "data.prices", { symbol: "HPG" }, { parentId: "p" })),
    ['DEFINITION_INVALID x | : node x: parent "p" is a data.prices (accepted: a group or a loop)'],
  ],
  [
    "groups around each other",
    aWorkflow([start, aNode("a", "group", {}, { parentId: "b" }), aNode("b", "group", {}, { parentId: "a" })]),
    ["a", "b"].map(
      (id) =>
        `DEFINITION_INVALID ${id} | : node ${id}: parent "${id === "a" ? "b" : "a"}" is nested too deeply (accepted: at most 10 groups around a node, and none around itself)`,
    ),
  ],
  [
    "a parameter that is not set",
    withNode(aNode("x", "data.prices")),
    ["PARAMETER_MISSING x | : node x: parameter symbol is not set (accepted: Whose.)"],
  ],
  [
    "a parameter that is empty",
    withNode(aNode("x", "data.prices", { symbol: "" })),
    ["PARAMETER_MISSING x | : node x: parameter symbol is not set (accepted: Whose.)"],
  ],
  [
    "parameters that nobody knows",
    withNode(aNode("x", "data.prices", { symbol: "HPG", cuont: 3, constructor: 1 })),
    [
      'PARAMETER_UNKNOWN x | : node x: parameter "cuont" (accepted: symbol, count)',
      'PARAMETER_UNKNOWN x | : node x: parameter "constructor" (accepted: symbol, count)',
    ],
  ],
  [
    "a parameter of a type without any",
    withNode(aNode("x", "trigger.manual", { at: 1 })),
    ["PORT_UNKNOWN", 'PARAMETER_UNKNOWN x | : node x: parameter "at" (trigger.manual has none)', "TRIGGER_AMBIGUOUS"],
  ],
  [
    "a variable that is not declared",
    withNode(aNode("x", "variable.read", { variable: "stop" }), { variables: { limit: 1 } }),
    ['VARIABLE_UNRESOLVED x | : node x: parameter variable: "stop" (accepted: limit)'],
  ],
  [
    "a variable of no settings",
    withNode(aNode("x", "variable.read", { variable: "toString" })),
    ['VARIABLE_UNRESOLVED x | : node x: parameter variable: "toString" (the settings declare none)'],
  ],
  [
    "a formula with a variable that is not declared",
    withNode(aNode("x", "action.tell", { text: "{{vars.stop}} {{vars.limit}}" }), { variables: { limit: 1 } }),
    [
      'VARIABLE_UNRESOLVED x | : node x: parameter text: "{{vars.stop}} {{vars.limit}}": unknown variable vars.stop (accepted: vars.limit) at 2',
    ],
  ],
  [
    "a formula that cannot be read",
    withNode(aNode("x", "action.tell", { text: "{{1 +}}" })),
    ['EXPRESSION_INVALID x | : node x: parameter text: "{{1 +}}": unexpected end (accepted: a value) at 5'],
  ],
  [
    "a formula about a port that nothing is connected to",
    withNode(aNode("x", "action.tell", { text: "{{a}}" })),
    [
      'INPUT_MISSING x | : node x: parameter text: "{{a}}" names a, to which nothing is connected (accepted: an edge to a)',
    ],
  ],
  [
    "a formula with several of those",
    withNode(aNode("x", "action.tell", { text: "{{a > vars.stop and vars.stop > vars.take}} {{a}}" })),
    [
      'VARIABLE_UNRESOLVED x | : node x: parameter text: "{{a > vars.stop and vars.stop > vars.take}} {{a}}": unknown variable vars.stop (accepted: none) at 6',
      'VARIABLE_UNRESOLVED x | : node x: parameter text: "{{a > vars.stop and vars.stop > vars.take}} {{a}}": unknown variable vars.take (accepted: none) at 32',
      'INPUT_MISSING x | : node x: parameter text: "{{a > vars.stop and vars.stop > vars.take}} {{a}}" names a, to which nothing is connected (accepted: an edge to a)',
    ],
  ],
  [
    "an item outside of loops",
    withNode(aNode("x", "data.prices", { symbol: "$item" })),
    [
      'PARAMETER_INVALID x | : node x: parameter symbol: "$item" (accepted: a symbol, 1 to 32 of A-Z 0-9 . - _ ^ =; $item within a loop)',
    ],
  ],
  [
    "a retry of what may happen twice",
    withNode(aNode("x", "action.tell", { text: "hello" }, { retry: { attempts: 3, backoffMs: 10 } })),
    ["PARAMETER_INVALID x | : node x: retry.attempts: 3: action.tell may take effect twice (accepted: 1)"],
  ],
  [
    "an edge to nowhere",
    withEdge("p.close", "gone.series"),
    ['EDGE_DANGLING  | e: edge e: target "gone" is no node (accepted: a node that runs)'],
  ],
  [
    "an edge from and to nowhere",
    withEdge("gone.close", "also.series"),
    [
      'EDGE_DANGLING  | e: edge e: source "gone" is no node (accepted: a node that runs)',
      'EDGE_DANGLING  | e: edge e: target "also" is no node (accepted: a node that runs)',
    ],
  ],
  [
    "an edge to a note",
    aWorkflow([start, aNode("n", "note")], [["t.fired", "n.run"]]),
    [
      'EDGE_DANGLING n | t.fired>n.run: edge t.fired>n.run: target "n" is a note, which has no ports (accepted: a node that runs)',
    ],
  ],
  [
    "an edge twice",
    withEdge("g.is", "o.signal"),
    [
      "INPUT_CROWDED o | g.is>o.signal,e: node o: 2 edges end at signal (accepted: one)",
      "EDGE_DUPLICATE  | g.is>o.signal,e: edge e: g.is>o.signal leads from g.is to o.signal already (accepted: one such edge)",
    ],
  ],
  [
    "an output that is not there",
    withEdge("p.open", "o.run"),
    ['PORT_UNKNOWN p | e: edge e: p has no output "open" (accepted: close, table)'],
  ],
  [
    "an input that is not there",
    withEdge("p.close", "o.when"),
    ['PORT_UNKNOWN o | e: edge e: o has no input "when" (accepted: signal, run)'],
  ],
  [
    "an edge into a trigger",
    withEdge("g.is", "t.run"),
    ['PORT_UNKNOWN t | e: edge e: t has no input "run" (it has no inputs)', "CYCLE"],
  ],
  [
    "a type that does not fit",
    withEdge("p.table", "o.run"),
    ["PORT_TYPE_MISMATCH p,o | e: edge e: p.table gives table, o.run takes something else (accepted: signal, boolean)"],
  ],
  [
    "an input without an edge",
    withNode(aNode("x", "series.average")),
    ["INPUT_MISSING x | : node x: nothing is connected to series (accepted: series)"],
  ],
  [
    "an input with too many edges",
    withEdge("s.series", "g.a"),
    ["INPUT_CROWDED g | p.close>g.a,e: node g: 2 edges end at a (accepted: one)"],
  ],
  [
    "a way back",
    aWorkflow(
      [start, aNode("a", "logic.all"), aNode("b", "logic.all"), aNode("c", "logic.all")],
      [
        ["t.fired", "a.conditions"],
        ["a.is", "b.conditions"],
        ["b.is", "c.conditions"],
        ["c.is", "a.conditions"],
      ],
    ),
    [
      "CYCLE a,b,c | a.is>b.conditions,b.is>c.conditions,c.is>a.conditions: cycle a → b → c → a (accepted: edges that never lead back)",
    ],
  ],
  [
    "a way back to itself",
    aWorkflow(
      [start, aNode("a", "logic.all")],
      [
        ["t.fired", "a.conditions"],
        ["a.is", "a.run"],
      ],
    ),
    ["CYCLE a | a.is>a.run: cycle a → a (accepted: edges that never lead back)"],
  ],
  [
    "two ways back",
    aWorkflow(
      [start, ...["a", "b", "c", "d"].map((id) => aNode(id, "logic.all"))],
      [
        ["t.fired", "a.conditions"],
        ["t.fired", "c.conditions"],
        ["a.is", "b.conditions"],
        ["b.is", "a.run"],
        ["c.is", "d.conditions"],
        ["d.is", "c.run"],
      ],
    ),
    ["CYCLE a,b | ", "CYCLE c,d | "],
  ],
  [
    "no trigger",
    aWorkflow([prices]),
    ["TRIGGER_MISSING  | : no node is a trigger (accepted: exactly one, such as trigger.manual)"],
  ],
  ["nothing at all", aWorkflow([]), ["TRIGGER_MISSING"]],
  [
    "a second trigger",
    aWorkflow([start, aNode("u", "trigger.cron", {}, { isDisabled: true })]),
    ["TRIGGER_AMBIGUOUS t,u | : 2 triggers: t, u (accepted: exactly one)"],
  ],
  [
    "a node that nothing leads to",
    aWorkflow(
      [...SOUND.nodes, aNode("x", "data.prices", { symbol: "FPT" }), aNode("y", "series.average")],
      [...SOUND.edges, anEdge("x.close", "y.series")],
      risk,
    ),
    ["x", "y"].map(
      (id) => `NODE_UNREACHABLE ${id} | : node ${id}: no path leads to it (accepted: one from the trigger)`,
    ),
  ],
  [
    "an order without a risk profile",
    aWorkflow(SOUND.nodes, SOUND.edges, { riskProfile: " " }),
    ["RISK_PROFILE_MISSING o | : node o: action.order orders, but settings.riskProfile is empty (accepted: its name)"],
  ],
  [
    "a node that is not deterministic",
    withNode(aNode("x", "data.web", { url: "https://example.com/" })),
    [
      "NOT_DETERMINISTIC x | : node x: data.web is not deterministic, as settings.isDeterministic asks (accepted: settings.isDeterministic false, or pinned data for the node)",
    ],
  ],
  [
    "pinned data that fit no output",
    withNode(
      aNode(
        "x",
        "data.prices",
        { symbol: "HPG" },
        { pinned: { close: { type: "number", value: 1 }, gone: 1, table: 7 } },
      ),
    ),
    [
      'PINNED_DATA_INVALID x | : node x: pinned data of "close": number (accepted: series)',
      'PINNED_DATA_INVALID x | : node x: pinned data of "gone": no such output (accepted: close, table)',
      'PINNED_DATA_INVALID x | : node x: pinned data of "table": ',
    ],
  ],
];
