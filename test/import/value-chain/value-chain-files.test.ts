import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readGraphml } from "../../../src/import/value-chain/read-graphml.js";
import {
  isEdgesCsv,
  readValueChainCsv,
  writeEdgesCsv,
  writeNodesCsv,
} from "../../../src/import/value-chain/value-chain-csv.js";
import { type ValueChainFile, valueChainWithFile } from "../../../src/import/value-chain/value-chain-file.js";
import { readValueChainJson, writeValueChainJson } from "../../../src/import/value-chain/value-chain-json.js";
import { writeGraphml } from "../../../src/import/value-chain/write-graphml.js";
import { arbitraryChain } from "../../engine/value-chain/arbitrary-chain.js";
import { edge, STEEL } from "../../engine/value-chain/small-chain.js";

const NOTHING = { nodes: [], edges: [] };
const stored = (file: ValueChainFile, mode: "merge" | "replace" = "replace", before: typeof STEEL = STEEL) =>
  valueChainWithFile(before, file, mode);
const csv = (nodes: string | undefined, edges: string | undefined) =>
  readValueChainCsv({
    nodes: nodes === undefined ? undefined : { name: "nodes.csv", text: nodes },
    edges: edges === undefined ? undefined : { name: "edges.csv", text: edges },
  });
const graphml = (text: string) => readGraphml({ name: "chain.graphml", text });

describe("a graph written and read again", () => {
  it("is the same through CSV", () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        expect(stored(csv(writeNodesCsv(chain), writeEdgesCsv(chain)))).toEqual(chain);
      }),
    );
  });

  it("is the same through JSON", () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        expect(stored(readValueChainJson({ name: "chain.json", text: writeValueChainJson(chain) }))).toEqual(chain);
      }),
    );
  });

  it("is the same through GraphML", () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        expect(stored(graphml(writeGraphml(chain)))).toEqual(chain);
      }),
    );
  });
});

const EDGE_HEADER = "source_id,target_id,kind,sign,confidence,rationale,source";

describe("readValueChainCsv({nodes, edges})", () => {
  it("takes columns in any order, optional ones left out, and gives edges without an id one", () => {
    const { draft } = csv(
      "kind,id,name\r\ncommodity,iron,Iron ore\r\n",
      `${EDGE_HEADER}\niron,hpg,input-of,+1,low,a,b`,
    );
    expect(draft.nodes).toMatchObject([{ id: "iron", name: "Iron ore", kind: "commodity", sector: undefined }]);
    expect(draft.edges).toMatchObject([{ id: "iron--hpg--input-of", sign: 1, validFrom: undefined }]);
  });

  it("refuses a header with unknown, double or missing columns, all named", () => {
    expect(() => csv("id,name,colour,name", undefined)).toThrow(
      expect.objectContaining({
        code: "FILE_HEADER_INVALID",
        message:
          'invalid header of nodes.csv: unknown column "colour", column name twice, no column kind (accepted: id,name,kind,sector?,symbol?,valid_from?,valid_to?)',
      }),
    );
  });

  it("refuses an empty file", () => {
    expect(() => csv("", undefined)).toThrow(expect.objectContaining({ code: "FILE_EMPTY" }));
  });
});

describe("isEdgesCsv(text)", () => {
  it("goes by the header", () => {
    expect(isEdgesCsv(writeEdgesCsv(STEEL))).toBe(true);
    expect(isEdgesCsv(writeNodesCsv(STEEL))).toBe(false);
  });
});

describe("valueChainWithFile(stored, file, mode)", () => {
  it("keeps what a file does not name with merge, and drops it with replace", () => {
    const flipped = csv(undefined, `${EDGE_HEADER}\niron,hpg,input-of,1,high,because,me`);
    const merged = stored(flipped, "merge");
    expect(merged.edges).toHaveLength(STEEL.edges.length);
    expect(merged.edges.find(({ id }) => id === "iron--hpg--input-of")).toMatchObject({ sign: 1, source: "me" });
    expect(() => stored(flipped, "replace")).toThrow(/invalid sourceId: iron .*; .*invalid targetId: hpg/);
  });

  it("does not make nodes that only edges name", () => {
    expect(() => stored(csv(undefined, `${EDGE_HEADER}\niron,gold,input-of,1,high,because,me`), "merge")).toThrow(
      "invalid value chain, 1 problem: edges.csv line 2, edge iron--gold--input-of: invalid targetId: gold (accepted: the id of a node)",
    );
  });

  it("reports every bad row with its line, counted over quoted line ends", () => {
    const text = [
      EDGE_HEADER,
      "iron,iron,input-of,1,low,a,b",
      'iron,hpg,input-of,up,low,"two\nlines",b',
      "iron,hpg,input-of",
      'iron,hpg,"input-of"x,1,low,a,b',
      "iron,hsg,input-of,1,sure,a,b",
    ].join("\n");
    expect(() => stored(csv(undefined, text), "merge")).toThrow(
      expect.objectContaining({
        code: "VALUE_CHAIN_INVALID",
        details: {
          problems: [
            { place: "edges.csv line 5", message: "3 fields (accepted: 7, as in the header)" },
            { place: "edges.csv line 6", message: "text follows a closing quote" },
            expect.objectContaining({ place: "edges.csv line 2, edge iron--iron--input-of" }),
            {
              place: "edges.csv line 3, edge iron--hpg--input-of",
              message: "invalid sign: up (accepted: -1, 0 or 1)",
            },
            expect.objectContaining({ message: expect.stringContaining("invalid rationale") }),
            expect.objectContaining({
              place: "edges.csv line 7, edge iron--hsg--input-of",
              message: 'invalid confidence: "sure" (accepted: high, medium, low)',
            }),
          ],
        },
      }),
    );
  });

  it("names the second of two rows with one id", () => {
    expect(() => stored(csv("id,name,kind\na,A,company\na,B,company", undefined))).toThrow(
      "nodes.csv line 3, node a: duplicate id: a (accepted: an id that no other node has)",
    );
  });
});

describe("readValueChainJson({name, text})", () => {
  const read = (text: string) => () => readValueChainJson({ name: "chain.json", text });

  it("refuses what is not JSON, and another shape with its places", () => {
    expect(read("{")).toThrow(/^invalid value chain, chain\.json is not JSON: /);
    expect(read("[]")).toThrow(/chain\.json at the top: /);
    const odd = JSON.stringify({
      format: "quantflow-value-chain",
      version: 1,
      nodes: [{ id: "a", name: "A", kind: "company", colour: "red" }],
      edges: [{ ...edge("a b"), sign: "1" }],
    });
    expect(read(odd)).toThrow(
      expect.objectContaining({
        code: "VALUE_CHAIN_INVALID",
        message: expect.stringMatching(
          /2 problems: chain\.json nodes\[0\]: .*colour.*; chain\.json edges\[0\]\.sign: /,
        ),
      }),
    );
  });

  it("leaves unknown kinds and signs to the validation of the graph", () => {
    const text = writeValueChainJson({ ...STEEL, edges: [edge("iron hpg", 2 as never)] });
    expect(() => stored(read(text)())).toThrow("chain.json edges[0], edge iron--hpg--input-of: invalid sign: 2");
  });
});

describe("readGraphml({name, text})", () => {
  const document = (inside: string, edgedefault = "directed") =>
    `<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="k" for="node" attr.name="name"/>
<graph edgedefault="${edgedefault}">${inside}</graph></graphml>`;
  const problems = (text: string) => graphml(text).problems.map(({ place, message }) => `${place}: ${message}`);

  it.each([
    ["text", "id,name\na,A"],
    ["XML that is not closed", "<graphml><graph>"],
    ["another document", "<svg/>"],
    ["nothing", ""],
    ["an unknown entity", document("<node id='a'><data key='k'>&boom;</data></node>")],
  ])("refuses %s", (_, text) => {
    expect(() => graphml(text)).toThrow(
      expect.objectContaining({
        code: "VALUE_CHAIN_INVALID",
        message: expect.stringMatching(/^invalid value chain, chain\.graphml line \d+ is not GraphML: /),
      }),
    );
  });

  it("reports what it does not know with line and reason, and skips nothing", () => {
    expect(problems(document("\n<node id='a'><data key='x'>1</data></node>\n<hyperedge/>words", "undirected"))).toEqual(
      [
        'chain.graphml line 2: invalid edgedefault: "undirected" (accepted: directed)',
        'chain.graphml line 3: unknown key "x" (accepted: a key of this file)',
        "chain.graphml line 4: element hyperedge in graph (accepted: graphml, key, graph, node, edge, data, each in its place)",
        'chain.graphml line 4: text outside data: "words"',
      ],
    );
  });

  it("reports a key of another name, a document type, a value given twice and an undirected edge", () => {
    const [first] = problems(
      "<graphml><key id='c' for='node' attr.name='colour'/><graph edgedefault='directed'/></graphml>",
    );
    expect(first).toMatch(/^chain\.graphml line 1: key "colour" for "node" \(accepted: for node: name, kind, /);
    expect(problems(`<!DOCTYPE graphml>${document("")}`)).toEqual([
      "chain.graphml line 1: a document type (accepted: none)",
    ]);
    expect(problems(document("<node id='a'><data key='k'>A</data><data key='k'>B</data></node>"))).toEqual([
      'chain.graphml line 2: key "k" twice',
    ]);
    expect(problems(document("<edge id='e' source='a' target='b' directed='false'/>"))).toEqual([
      "chain.graphml line 2: an undirected edge (accepted: directed ones)",
    ]);
  });

  it("takes the text of CDATA sections and character references", () => {
    const { draft } = graphml(document("<node id='a'><data key='k'>A &amp; <![CDATA[<B>]]> &#x43;</data></node>"));
    expect(draft.nodes[0]!.name).toBe("A & <B> C");
  });

  it("names the line of an element that the graph refuses", () => {
    const file = graphml(document("\n\n<node id='a'><data key='k'>A</data></node>"));
    expect(() => valueChainWithFile(NOTHING, file, "merge")).toThrow(
      /^invalid value chain, 1 problem: chain\.graphml line 4, node a: invalid kind: "" /,
    );
  });
});
