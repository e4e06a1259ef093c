import { describe, expect, it } from "vitest";
import { tradingDate } from "../../../src/engine/units/trading-date.js";
import type { ValueChainDraft } from "../../../src/engine/value-chain/value-chain-draft.js";
import { requireValueChain, valueChainProblems } from "../../../src/engine/value-chain/value-chain-problems.js";
import { edge, node, STEEL } from "./small-chain.js";

const messages = (draft: ValueChainDraft) =>
  valueChainProblems(draft).map(({ element, id, message }) => `${element} ${id}: ${message}`);

describe("valueChainProblems({nodes, edges})", () => {
  it("finds none in a graph, with cycles, parallel edges or nothing in it", () => {
    expect(messages(STEEL)).toEqual([]);
    expect(messages({ nodes: [], edges: [] })).toEqual([]);
    const cyclic = { nodes: [node("a"), node("b")], edges: [edge("a b"), edge("b a")] };
    expect(messages(cyclic)).toEqual([]);
    const parallel = [edge("a b"), edge("a b", 1, { kind: "supplier-of" })];
    expect(messages({ nodes: [node("a"), node("b")], edges: parallel })).toEqual([]);
  });

  it("names every problem at once: element, field, value and what is accepted", () => {
    const draft: ValueChainDraft = {
      nodes: [
        node("a"),
        node("a"),
        { ...node("b"), kind: "planet" },
        node("c", { validFrom: tradingDate("2026-02-01"), validTo: tradingDate("2026-01-31") }),
        { ...node("d"), validFrom: "2026-02-30", symbol: "no such" },
        { ...node("x"), id: "Not An Id", name: " padded" },
      ],
      edges: [
        edge("a nowhere"),
        edge("a a"),
        { ...edge("a b"), sign: 2 },
        edge("a b"),
        { ...edge("b c"), kind: "friend-of", confidence: "certain", rationale: "", sourceDate: "yesterday" },
      ],
    };
    expect(messages(draft)).toEqual([
      "node a: duplicate id: a (accepted: an id that no other node has)",
      'node b: invalid kind: "planet" (accepted: company, commodity, currency, rate, sector-index, freight, weather, demand)',
      "node c: invalid validity: from 2026-02-01 to 2026-01-31 (accepted: a beginning not after the end)",
      'node d: invalid symbol: "no such" (accepted: 1 to 32 of A-Z 0-9 . - _ ^ =)',
      "node d: invalid validFrom: 2026-02-30 (accepted: a day as YYYY-MM-DD)",
      'node Not An Id: invalid id: "Not An Id" (accepted: 1 to 64 of a-z 0-9, words joined by single hyphens)',
      'node Not An Id: invalid name: " padded" (accepted: one line of 1 to 200 characters, no space at its ends)',
      "edge a--nowhere--input-of: invalid targetId: nowhere (accepted: the id of a node)",
      "edge a--a--input-of: invalid targetId: a (accepted: a node other than the source)",
      "edge a--b--input-of: invalid sign: 2 (accepted: -1, 0 or 1)",
      "edge a--b--input-of: duplicate id: a--b--input-of (accepted: an id that no other edge has)",
      'edge b--c--input-of: invalid kind: "friend-of" (accepted: input-of, product-of, supplier-of, customer-of, competitor-of, currency-exposure, rate-exposure, member-of)',
      'edge b--c--input-of: invalid confidence: "certain" (accepted: high, medium, low)',
      'edge b--c--input-of: invalid rationale: "" (accepted: one line of 1 to 2000 characters, no space at its ends)',
      "edge b--c--input-of: invalid sourceDate: yesterday (accepted: a day as YYYY-MM-DD)",
    ]);
  });

  it.each(["a\u0000b", "two\nlines", "a\ud800b", "\u2028"])("refuses text that no file could carry: %j", (name) => {
    expect(messages({ nodes: [node("a", { name })], edges: [] })).toHaveLength(1);
  });
});

describe("requireValueChain(draft)", () => {
  it("keeps its message short whatever the draft holds", () => {
    const long = { ...node("a"), id: "x".repeat(1_000_000), validFrom: "9".repeat(1_000_000) };
    expect(() => requireValueChain({ nodes: [long], edges: [] })).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^.{1,1000}$/) }),
    );
  });

  it("throws VALUE_CHAIN_INVALID with twenty problems in its message and all in its details", () => {
    const edges = Array.from({ length: 25 }, (_, i) => edge(`a x${i}`));
    expect(() => requireValueChain({ nodes: [node("a")], edges })).toThrow(
      expect.objectContaining({
        code: "VALUE_CHAIN_INVALID",
        message: expect.stringMatching(/^invalid value chain, 25 problems: edge a--x0--input-of: .*; and 5 more$/),
        details: { problems: expect.objectContaining({ length: 25 }) },
      }),
    );
  });
});
