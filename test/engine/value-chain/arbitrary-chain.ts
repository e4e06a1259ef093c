import fc from "fast-check";
import { type InstrumentSymbol, SYMBOL_PATTERN } from "../../../src/engine/market-data/instrument-symbol.js";
import type { TradingDate } from "../../../src/engine/units/trading-date.js";
import { edgeIdOf } from "../../../src/engine/value-chain/element-ids.js";
import {
  CONFIDENCES,
  EDGE_KINDS,
  NODE_KINDS,
  type ValueChain,
  type ValueChainEdge,
  type ValueChainNode,
} from "../../../src/engine/value-chain/value-chain.js";
import { valueChainProblems } from "../../../src/engine/value-chain/value-chain-problems.js";

const day = fc
  .integer({ min: 0, max: 40_000 })
  .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10) as TradingDate);
const validity = fc
  .tuple(fc.option(day, { nil: undefined }), fc.option(day, { nil: undefined }))
  .map(([a, b]) => (a && b && a > b ? { validFrom: b, validTo: a } : { validFrom: a, validTo: b }));

/** A line of any script, with what CSV and XML must escape. */
const line = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
    fc.constantFrom('a "quoted", text', "<b>&amp;</b>", "]]>", "'", "=1+1", "Tập đoàn Hoà Phát", ";", "#"),
  )
  .map((text) => text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF]/gu, "").trim())
  .filter((text) => text.length > 0);

const nodeOf = (index: number): fc.Arbitrary<ValueChainNode> =>
  fc
    .record({
      name: line,
      kind: fc.constantFrom(...NODE_KINDS),
      sector: fc.option(line, { nil: undefined }),
      symbol: fc.option(fc.stringMatching(SYMBOL_PATTERN) as fc.Arbitrary<string & InstrumentSymbol>, {
        nil: undefined,
      }),
      validity,
    })
    .map(({ validity: days, ...fields }) => ({ id: `n${index}` as never, ...fields, ...days }));

const edgesAmong = (nodes: readonly ValueChainNode[]): fc.Arbitrary<ValueChainEdge[]> => {
  if (nodes.length < 2) return fc.constant([]);
  const end = fc.integer({ min: 0, max: nodes.length - 1 });
  const drawn = fc
    .record({
      ends: fc.tuple(end, end).filter(([a, b]) => a !== b),
      kind: fc.constantFrom(...EDGE_KINDS),
      sign: fc.constantFrom(-1 as const, 0 as const, 1 as const),
      confidence: fc.constantFrom(...CONFIDENCES),
      rationale: line,
      source: line,
      sourceDate: fc.option(day, { nil: undefined }),
      validity,
    })
    .map(({ ends: [a, b], validity: days, ...fields }): ValueChainEdge => {
      const [sourceId, targetId] = [nodes[a]!.id, nodes[b]!.id];
      return { id: edgeIdOf(sourceId, targetId, fields.kind), sourceId, targetId, ...fields, ...days };
    });
  return fc.uniqueArray(drawn, { selector: ({ id }) => id, maxLength: 12 });
};

/** Any valid graph of up to six nodes, cycles and parallel edges among them. */
export function arbitraryChain(): fc.Arbitrary<ValueChain> {
  return fc
    .integer({ min: 0, max: 6 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => nodeOf(index))))
    .chain((nodes) => edgesAmong(nodes).map((edges) => ({ nodes, edges })))
    .filter((chain) => valueChainProblems(chain).length === 0);
}
