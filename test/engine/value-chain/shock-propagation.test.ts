import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ASSUMED_BETA_SIZE, type MeasuredEdgeBeta } from "../../../src/engine/value-chain/edge-beta.js";
import { exposuresOf, exposureTo } from "../../../src/engine/value-chain/exposure.js";
import { propagateShock } from "../../../src/engine/value-chain/shock-propagation.js";
import { buildValueChainGraph } from "../../../src/engine/value-chain/value-chain-graph.js";
import { arbitraryChain } from "./arbitrary-chain.js";
import { edge, edgeId, node, nodeId, STEEL } from "./small-chain.js";

const steel = buildValueChainGraph(STEEL);
const measured = (id: string, beta: number, standardError: number): MeasuredEdgeBeta => ({
  edgeId: edgeId(id),
  beta,
  standardError,
  n: 250,
});
const STEEL_BETAS = [
  measured("iron--hpg--input-of", -0.2, 0.1),
  measured("iron--steel--input-of", 0.5, 0.05),
  measured("steel--hpg--product-of", 0.8, 0.2),
];

describe("propagateShock(graph, {nodeId, shock, measured, attenuation, maxLength})", () => {
  const report = propagateShock(steel, { nodeId: nodeId("iron"), shock: 0.1, measured: STEEL_BETAS, attenuation: 0.5 });
  const on = (id: string) => report.affected.find((effect) => effect.nodeId === id)!;

  it("sums shock · attenuation^(length − 1) · ∏β over the paths", () => {
    expect(on("steel").effect).toBeCloseTo(0.1 * 0.5, 15);
    expect(on("hpg").effect).toBeCloseTo(0.1 * (-0.2 + 0.5 * (0.5 * 0.8)), 15);
    expect(on("hpg").contributions.map(({ path, effect }) => [path.edgeIds.length, effect])).toEqual([
      [1, expect.closeTo(-0.02, 15)],
      [2, expect.closeTo(0.02, 15)],
    ]);
  });

  it("gives the error of the delta method, reckoned here by hand", () => {
    const direct = 0.1; // ∂/∂β of the direct edge is 1
    const viaSteel = Math.hypot(0.5 * 0.8 * 0.05, 0.5 * 0.5 * 0.2);
    expect(on("hpg").standardError).toBeCloseTo(0.1 * Math.hypot(direct, viaSteel), 15);
    expect(on("hpg").low).toBeCloseTo(on("hpg").effect - 1.959963985 * on("hpg").standardError, 9);
  });

  it("adds the derivatives of an edge that paths share before squaring them", () => {
    const graph = buildValueChainGraph({
      nodes: ["a", "b", "c", "d", "e"].map((id) => node(id)),
      edges: [edge("a b"), edge("b c"), edge("b d"), edge("c e"), edge("d e")],
    });
    const certain = (id: string) => measured(id, 1, 0);
    const betas = [
      measured("a--b--input-of", 1, 0.3),
      ...["b--c", "b--d", "c--e", "d--e"].map((ends) => certain(`${ends}--input-of`)),
    ];
    const { affected } = propagateShock(graph, { nodeId: nodeId("a"), shock: 1, measured: betas, attenuation: 1 });
    const end = affected.find((effect) => effect.nodeId === "e")!;
    expect(end).toMatchObject({ effect: 2, distance: 3 });
    expect(end.standardError).toBeCloseTo(2 * 0.3, 15);
  });

  it("says which effects rest on measured betas, which on assumed ones, which on both", () => {
    expect(on("hpg").basis).toBe("measured");
    expect(on("hsg").basis).toBe("mixed");
    const unmeasured = propagateShock(steel, { nodeId: nodeId("coal"), shock: -0.1 });
    expect(unmeasured.affected).toMatchObject([
      { nodeId: "hpg", basis: "assumed", effect: expect.closeTo(0.1 * ASSUMED_BETA_SIZE["input-of"], 15) },
    ]);
    expect(unmeasured.affected[0]!.low).toBeLessThan(0);
  });

  it("says why other nodes do not move", () => {
    const short = propagateShock(steel, { nodeId: nodeId("iron"), shock: 0.1, maxLength: 1 });
    expect(short.unaffected).toEqual([
      { nodeId: "coal", reason: "no-path", distance: undefined },
      { nodeId: "hsg", reason: "too-far", distance: 2 },
      { nodeId: "milk", reason: "no-path", distance: undefined },
    ]);
    const cut = propagateShock(steel, { nodeId: nodeId("iron"), shock: 0.1, maxPaths: 1 });
    expect(cut.capped).toBe(true);
    expect(cut.unaffected).toContainEqual({ nodeId: "steel", reason: "not-searched", distance: 1 });
  });

  it("gives an edge of unknown direction no effect and an interval around zero", () => {
    const graph = buildValueChainGraph({ nodes: [node("a"), node("b")], edges: [edge("a b", 0)] });
    const [effect] = propagateShock(graph, { nodeId: nodeId("a"), shock: 0.1 }).affected;
    expect(effect).toMatchObject({ effect: 0, basis: "assumed" });
    expect(effect!.high).toBeGreaterThan(0);
    expect(effect!.low).toBe(-effect!.high);
  });

  it("counts a measured beta once where edges are parallel", () => {
    const graph = buildValueChainGraph({
      nodes: [node("a"), node("b")],
      edges: [edge("a b"), edge("a b", 1, { kind: "supplier-of" }), edge("a b", 1, { kind: "customer-of" })],
    });
    const betas = [measured("a--b--supplier-of", 0.7, 0.1), measured("a--b--customer-of", 0.7, 0.1)];
    const { affected } = propagateShock(graph, { nodeId: nodeId("a"), shock: 1, measured: betas });
    expect(affected).toMatchObject([{ effect: 0.7, standardError: 0.1, contributions: { length: 1 } }]);
  });

  it("goes round a cycle once and does not come back to the shocked node", () => {
    const graph = buildValueChainGraph({
      nodes: ["a", "b", "c"].map((id) => node(id)),
      edges: [edge("a b"), edge("b c"), edge("c a")],
    });
    const { affected } = propagateShock(graph, { nodeId: nodeId("a"), shock: 0.1 });
    expect(affected.map((effect) => effect.nodeId)).toEqual(["b", "c"]);
  });

  it("is odd and linear in the shock, and its contributions sum to the effect, whatever the graph", () => {
    fc.assert(
      fc.property(arbitraryChain(), fc.double({ min: 0.01, max: 0.5, noNaN: true }), (chain, shock) => {
        fc.pre(chain.nodes.length > 0);
        const graph = buildValueChainGraph(chain);
        const { id } = chain.nodes[0]!;
        const up = propagateShock(graph, { nodeId: id, shock }).affected;
        const down = propagateShock(graph, { nodeId: id, shock: -shock }).affected;
        const half = propagateShock(graph, { nodeId: id, shock: shock / 2 }).affected;
        up.forEach((effect, i) => {
          expect(down[i]!.effect).toBe(-effect.effect || 0);
          expect(half[i]!.effect).toBeCloseTo(effect.effect / 2, 12);
          expect(effect.contributions.reduce((sum, each) => sum + each.effect, 0)).toBeCloseTo(effect.effect, 12);
          expect(effect.low <= effect.effect && effect.effect <= effect.high).toBe(true);
        });
      }),
    );
  });

  it("takes every node as moved, too far or without a path, once", () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        fc.pre(chain.nodes.length > 0);
        const graph = buildValueChainGraph(chain);
        const { affected, unaffected } = propagateShock(graph, {
          nodeId: chain.nodes[0]!.id,
          shock: 0.1,
          maxLength: 2,
        });
        const named = [...affected, ...unaffected].map((each) => each.nodeId);
        expect(named.sort()).toEqual(
          chain.nodes
            .slice(1)
            .map(({ id }) => id)
            .sort(),
        );
      }),
    );
  });

  it.each([0, Number.NaN, -1.1, 11, Number.POSITIVE_INFINITY])("refuses a shock of %d", (shock) => {
    expect(() => propagateShock(steel, { nodeId: nodeId("iron"), shock })).toThrow(
      expect.objectContaining({ code: "ARGUMENT_INVALID" }),
    );
  });

  it("refuses an attenuation or level outside its range", () => {
    const iron = { nodeId: nodeId("iron"), shock: 0.1 };
    expect(() => propagateShock(steel, { ...iron, attenuation: 1.5 })).toThrow("invalid attenuation: 1.5");
    expect(() => propagateShock(steel, { ...iron, level: 1 })).toThrow("invalid level: 1");
  });

  it("takes thousands of nodes and edges within its cap", () => {
    const nodes = Array.from({ length: 1_000 }, (_, i) => node(`n${i}`));
    const edges = Array.from({ length: 5_000 }, (_, i) =>
      edge(`n${i % 1_000} n${(i * 7 + 1 + Math.floor(i / 1_000)) % 1_000}`),
    );
    const unique = [...new Map(edges.filter((e) => e.sourceId !== e.targetId).map((e) => [e.id, e])).values()];
    const large = propagateShock(buildValueChainGraph({ nodes, edges: unique }), {
      nodeId: nodeId("n0"),
      shock: 0.1,
      maxLength: 10,
    });
    expect(large.capped).toBe(true);
    expect(large.affected.flatMap(({ contributions }) => contributions)).toHaveLength(20_000);
  });
});

describe("exposuresOf(graph, nodeId, options)", () => {
  it("is the same number as the effect of a shock of the factor, for each factor", () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        fc.pre(chain.nodes.length > 0);
        const graph = buildValueChainGraph(chain);
        const id = chain.nodes[0]!.id;
        for (const { factorId, coefficient, standardError } of exposuresOf(graph, id).exposures) {
          const { affected } = propagateShock(graph, { nodeId: factorId, shock: 1 });
          const effect = affected.find((each) => each.nodeId === id)!;
          expect(coefficient).toBeCloseTo(effect.effect, 12);
          expect(standardError).toBeCloseTo(effect.standardError, 12);
        }
      }),
    );
  });

  it("is empty for a node that nothing points to", () => {
    expect(exposuresOf(steel, nodeId("milk")).exposures).toEqual([]);
  });
});

describe("exposureTo(graph, {nodeId, factorId})", () => {
  it("sums the direct path and the one through steel", () => {
    const exposure = exposureTo(steel, { nodeId: nodeId("hpg"), factorId: nodeId("iron"), measured: STEEL_BETAS })!;
    expect(exposure.coefficient).toBeCloseTo(0, 15);
    expect(exposure.contributions).toHaveLength(2);
  });

  it("is undefined without a path and throws NOT_FOUND for a factor that is not there", () => {
    expect(exposureTo(steel, { nodeId: nodeId("hsg"), factorId: nodeId("milk") })).toBeUndefined();
    expect(() => exposureTo(steel, { nodeId: nodeId("hsg"), factorId: nodeId("x") })).toThrow("unknown node: x");
  });
});
