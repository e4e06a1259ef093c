import { aNode, aWorkflow } from "../../../support/workflow-graphs.js";
import type { ProblemCase } from "./graph-cases.js";

const start = aNode("t", "trigger.manual");
const average = aNode("s", "series.average");

/** A loop `l` behind the trigger, with these nodes as its body. */
function withLoop(body: readonly ReturnType<typeof aNode>[], edges: readonly (readonly [string, string])[] = []) {
  return aWorkflow([start, aNode("l", "loop.universe"), ...body], [["t.fired", "l.run"], ...edges]);
}
const inLoop = { parentId: "l" };

export const LOOP_CASES: readonly ProblemCase[] = [
  [
    "a loop without a body",
    withLoop([]),
    ["LOOP_INVALID l | : node l: the loop has no body (accepted: at least one node within)"],
  ],
  [
    "a loop in a loop",
    withLoop([
      aNode("m", "loop.universe", {}, inLoop),
      aNode("p", "data.prices", { symbol: "$item" }, { parentId: "m" }),
    ]),
    ["LOOP_INVALID m | : node m: a loop is within a loop (accepted: outside of others)"],
  ],
  [
    "a trigger in a loop",
    aWorkflow([aNode("l", "loop.universe"), aNode("t", "trigger.manual", {}, inLoop)], [["t.fired", "l.run"]]),
    [
      "LOOP_INVALID t | : node t: a trigger is within a loop (accepted: outside of loops)",
      "LOOP_INVALID t,l | t.fired>l.run: edge t.fired>l.run: it leaves loop l (accepted: loop.collect within, and the loop's table outside)",
      "CYCLE",
    ],
  ],
  [
    "a group in a loop",
    withLoop([aNode("p", "data.prices", { symbol: "$item" }, inLoop), aNode("x", "group", {}, inLoop)]),
    ['LOOP_INVALID x | : node x: parent "l" is a loop (accepted for a group: another group)'],
  ],
  [
    "an edge out of a loop",
    aWorkflow(
      [start, aNode("l", "loop.universe"), aNode("p", "data.prices", { symbol: "$item" }, inLoop), average],
      [
        ["t.fired", "l.run"],
        ["p.close", "s.series"],
      ],
    ),
    [
      "LOOP_INVALID p,s | p.close>s.series: edge p.close>s.series: it leaves loop l (accepted: loop.collect within, and the loop's table outside)",
    ],
  ],
  [
    "a table of a loop that has not ended",
    withLoop([aNode("x", "table.show", {}, inLoop)], [["l.table", "x.table"]]),
    [
      "LOOP_INVALID l,x | l.table>x.table: edge l.table>x.table: the loop's table is not there before its end (accepted within: item)",
    ],
  ],
  [
    "an item of a loop that has ended",
    aWorkflow(
      [
        start,
        aNode("l", "loop.universe"),
        aNode("p", "data.prices", { symbol: "$item" }, inLoop),
        aNode("x", "action.tell", { text: "{{a}}" }),
      ],
      [
        ["t.fired", "l.run"],
        ["l.item", "x.a"],
      ],
    ),
    ["LOOP_INVALID l,x | l.item>x.a: edge l.item>x.a: the loop's item is not known outside (accepted outside: table)"],
  ],
  [
    "a way back into a loop",
    aWorkflow(
      [start, aNode("l", "loop.universe"), aNode("p", "table.show", {}, inLoop), aNode("x", "table.show")],
      [
        ["t.fired", "l.run"],
        ["l.table", "x.table"],
        ["x.table", "p.table"],
      ],
    ),
    ["CYCLE p,l,x | l.table>x.table,x.table>p.table: cycle p → l → x → p (accepted: edges that never lead back)"],
  ],
  [
    "a collecting node without a loop",
    aWorkflow([start, aNode("x", "loop.collect")], [["t.fired", "x.value"]]),
    ["LOOP_INVALID x | : node x: loop.collect is in no loop (accepted: within one)"],
  ],
  [
    "columns that are called alike",
    withLoop(
      [
        aNode("x", "loop.collect", {}, inLoop),
        aNode("y", "loop.collect", { column: "value" }, inLoop),
        aNode("z", "loop.collect", { column: "symbol" }, inLoop),
      ],
      [
        ["l.item", "x.value"],
        ["l.item", "y.value"],
        ["l.item", "z.value"],
      ],
    ),
    [
      "LOOP_INVALID x,y | : nodes x, y: the table of l would get 2 columns value (accepted: different names)",
      "LOOP_INVALID z | : nodes z: the table of l has a column symbol already (accepted: different names)",
    ],
  ],
];
