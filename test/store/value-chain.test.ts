import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { epochMs } from "../../src/engine/units/epoch-ms.js";
import { tradingDate } from "../../src/engine/units/trading-date.js";
import { valueChainAsOf } from "../../src/engine/value-chain/value-chain-as-of.js";
import type { ValueChainChange } from "../../src/engine/value-chain/value-chain-change.js";
import { changeValueChain } from "../../src/import/value-chain/edit-value-chain.js";
import { importValueChain } from "../../src/import/value-chain/import-value-chain.js";
import { seedValueChain, vietnamValueChain } from "../../src/import/value-chain/seed-value-chain.js";
import { undoValueChain } from "../../src/import/value-chain/undo-value-chain.js";
import { readValueChainJson, writeValueChainJson } from "../../src/import/value-chain/value-chain-json.js";
import { migrate } from "../../src/store/migrate.js";
import { readDataVersion } from "../../src/store/queries/data-version.js";
import { listRevisions } from "../../src/store/queries/value-chain-changes.js";
import { readValueChain } from "../../src/store/queries/value-chain-queries.js";
import { edge, edgeId, node, nodeId, STEEL } from "../engine/value-chain/small-chain.js";
import { databasesUnderTest, type TestDatabase } from "./databases.js";

const JANUARY = epochMs(Date.parse("2026-01-15T02:00:00Z"));
const FEBRUARY = epochMs(Date.parse("2026-02-15T02:00:00Z"));
const MARCH = epochMs(Date.parse("2026-03-15T02:00:00Z"));

for (const under of await databasesUnderTest()) {
  describe.skipIf(under.unavailable)(
    `value chain: ${under.name}${under.unavailable ? ` (${under.unavailable})` : ""}`,
    () => {
      let test: TestDatabase;
      beforeAll(async () => {
        test = await under.open();
        await migrate(test.database);
      });
      afterAll(() => test?.dispose());
      beforeEach(() =>
        test.database.execute(
          "DELETE FROM value_chain_nodes; DELETE FROM value_chain_edges; DELETE FROM value_chain_changes",
        ),
      );

      const by = (author: string, changedAtMs = JANUARY, expectedRevision?: number) => ({
        author,
        note: "",
        changedAtMs,
        expectedRevision,
      });
      const change = (edit: ValueChainChange, changedAtMs?: typeof JANUARY, expectedRevision?: number) =>
        changeValueChain(test.database, edit, by("ada", changedAtMs, expectedRevision));
      const storeSteel = () =>
        importValueChain(test.database, readValueChainJson({ name: "steel.json", text: writeValueChainJson(STEEL) }), {
          ...by("ada"),
          mode: "replace",
        });
      const known = async () => (await readValueChain(test.database)).chain;
      const signOf = async (id: string, knownAtMs?: typeof JANUARY) =>
        (await readValueChain(test.database, { knownAtMs })).chain.edges.find((each) => each.id === id)?.sign;

      it("is empty, at revision 0, before anything is stored", async () => {
        expect(await readValueChain(test.database)).toEqual({
          chain: { nodes: [], edges: [] },
          revision: 0,
          nodeRevisions: new Map(),
          edgeRevisions: new Map(),
        });
      });

      it("gives back what was stored, in the order of the ids", async () => {
        await storeSteel();
        const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
        expect(await known()).toEqual({ nodes: STEEL.nodes.toSorted(byId), edges: STEEL.edges.toSorted(byId) });
      });

      it("raises the data version with every change, and not when nothing changes", async () => {
        const versions = [(await readDataVersion(test.database)).watermark];
        const note = async () => versions.push((await readDataVersion(test.database)).watermark);
        await storeSteel();
        await note();
        await change({ kind: "change-edge", edge: edge("iron hpg", 0) });
        await note();
        await undoValueChain(test.database, by("ada"));
        await note();
        expect(new Set(versions).size).toBe(4);
        const { revision } = await storeSteel();
        await note();
        expect(revision).toBe(3);
        expect(versions.at(-1)).toBe(versions.at(-2));
      });

      it("answers for a day of validity and for a day of knowledge, independently", async () => {
        await storeSteel();
        await change(
          { kind: "retire-edge", id: edgeId("iron--hpg--input-of"), lastDay: tradingDate("2020-06-30") },
          FEBRUARY,
        );
        const on = async (date: string, knownAtMs?: typeof JANUARY) => {
          const { chain } = await readValueChain(test.database, { knownAtMs });
          return valueChainAsOf(chain, tradingDate(date)).edges.some(({ id }) => id === "iron--hpg--input-of");
        };
        expect(await on("2020-06-30")).toBe(true);
        expect(await on("2020-07-01")).toBe(false);
        expect(await on("2020-07-01", JANUARY)).toBe(true);
        expect((await readValueChain(test.database, { knownAtMs: epochMs(JANUARY - 1) })).chain.nodes).toEqual([]);
      });

      it("keeps every version: what was known at each instant", async () => {
        await storeSteel();
        await change({ kind: "change-edge", edge: edge("iron hpg", 0) }, FEBRUARY);
        await change({ kind: "change-edge", edge: edge("iron hpg", 1) }, MARCH);
        const id = "iron--hpg--input-of";
        expect([
          await signOf(id, JANUARY),
          await signOf(id, FEBRUARY),
          await signOf(id, MARCH),
          await signOf(id),
        ]).toEqual([-1, 0, 1, 1]);
      });

      it("does not put a revision before an earlier one when the clock went back", async () => {
        await storeSteel();
        await change({ kind: "add-node", node: node("gold") }, MARCH);
        await change({ kind: "add-node", node: node("tin") }, FEBRUARY);
        const [last, former] = await listRevisions(test.database, { limit: 2 });
        expect(last!.changedAtMs).toBe(former!.changedAtMs);
      });

      it("logs who changed what, newest first", async () => {
        await storeSteel();
        await change({ kind: "retire-node", id: nodeId("steel"), lastDay: tradingDate("2026-06-30") }, FEBRUARY);
        expect(await listRevisions(test.database, { limit: 1 })).toEqual([
          {
            revision: 2,
            changedAtMs: FEBRUARY,
            author: "ada",
            kind: "retire-node",
            note: "",
            undoes: undefined,
            nodeIds: ["steel"],
            edgeIds: ["iron--steel--input-of", "steel--hpg--product-of", "steel--hsg--input-of"],
          },
        ]);
      });

      it("undoes changes one after another, and a new one after an undo", async () => {
        await storeSteel();
        const before = await known();
        await change({ kind: "add-node", node: node("gold") });
        await change({ kind: "add-edge", edge: edge("gold hpg") });
        expect((await undoValueChain(test.database, by("bob"))).removedEdgeIds).toEqual(["gold--hpg--input-of"]);
        expect((await undoValueChain(test.database, by("bob"))).removedNodeIds).toEqual(["gold"]);
        expect(await known()).toEqual(before);
        await change({ kind: "change-edge", edge: edge("iron hpg", 0) });
        await undoValueChain(test.database, by("bob"));
        expect(await known()).toEqual(before);
        const undone = await undoValueChain(test.database, by("bob"));
        expect(undone.removedNodeIds).toHaveLength(STEEL.nodes.length);
        await expect(undoValueChain(test.database, by("bob"))).rejects.toMatchObject({ code: "NOT_FOUND" });
      });

      it("refuses to write over what another changed since, and takes changes beside it", async () => {
        const { revision } = await storeSteel();
        await change({ kind: "change-edge", edge: edge("iron hpg", 0) }, FEBRUARY, revision);
        await expect(
          change({ kind: "change-edge", edge: edge("iron hpg", 1) }, FEBRUARY, revision),
        ).rejects.toMatchObject({ code: "VALUE_CHAIN_CONFLICT", details: { revision: 2, writtenIn: 2 } });
        await change({ kind: "change-edge", edge: edge("coal hpg", 0) }, FEBRUARY, revision);
        await expect(undoValueChain(test.database, by("bob", MARCH, revision))).rejects.toMatchObject({
          code: "VALUE_CHAIN_CONFLICT",
        });
        await expect(change({ kind: "add-node", node: node("tin") }, MARCH, 99)).rejects.toMatchObject({
          code: "VALUE_CHAIN_CONFLICT",
        });
        expect(await signOf("iron--hpg--input-of")).toBe(0);
      });

      it("calls a conflict what another removed or added since", async () => {
        const { revision } = await storeSteel();
        await change({ kind: "add-edge", edge: edge("milk hsg") }, FEBRUARY, revision);
        await expect(change({ kind: "add-edge", edge: edge("milk hsg", -1) }, MARCH, revision)).rejects.toMatchObject({
          code: "VALUE_CHAIN_CONFLICT",
        });
        await undoValueChain(test.database, by("bob"));
        const lastDay = tradingDate("2026-06-30");
        await expect(
          change({ kind: "retire-edge", id: edgeId("milk--hsg--input-of"), lastDay }, MARCH, 2),
        ).rejects.toMatchObject({ code: "VALUE_CHAIN_CONFLICT" });
      });

      it("stores nothing of a change that is refused", async () => {
        await storeSteel();
        const { watermark } = await readDataVersion(test.database);
        await expect(change({ kind: "add-edge", edge: edge("iron gold") })).rejects.toMatchObject({
          code: "VALUE_CHAIN_INVALID",
        });
        expect((await readDataVersion(test.database)).watermark).toBe(watermark);
        expect(await listRevisions(test.database, { limit: 10 })).toHaveLength(1);
      });

      it("lets changes at the same time follow one another", async () => {
        await storeSteel();
        await Promise.all(["a", "b", "c", "d"].map((id) => change({ kind: "add-node", node: node(id) })));
        const { chain, revision } = await readValueChain(test.database);
        expect(revision).toBe(5);
        expect(chain.nodes).toHaveLength(STEEL.nodes.length + 4);
      });

      it("stores a graph of thousands in slices", async () => {
        const nodes = Array.from({ length: 1_000 }, (_, i) => node(`n${i}`));
        const edges = Array.from({ length: 4_000 }, (_, i) =>
          edge(`n${i % 1_000} n${((i % 1_000) + 1 + Math.floor(i / 1_000)) % 1_000}`),
        );
        const text = writeValueChainJson({ nodes, edges });
        await importValueChain(test.database, readValueChainJson({ name: "large.json", text }), {
          ...by("ada"),
          mode: "merge",
        });
        const { chain } = await readValueChain(test.database);
        expect([chain.nodes.length, chain.edges.length]).toEqual([1_000, 4_000]);
      });

      describe("seedValueChain(database, {nowMs, onlyIfNew})", () => {
        const seed = (onlyIfNew = false) => seedValueChain(test.database, { nowMs: MARCH, onlyIfNew });
        const { nodes, edges } = vietnamValueChain();

        it("stores the seed once, and on demand only what is missing", async () => {
          expect(await seed(true)).toEqual({
            revision: 1,
            nodesWritten: nodes.length,
            edgesWritten: edges.length,
            leftAlone: 0,
          });
          expect(await seed(true)).toBeUndefined();
          expect(await seed()).toEqual({ revision: 1, nodesWritten: 0, edgesWritten: 0, leftAlone: 0 });
        });

        it("never writes over what someone changed, retired or added", async () => {
          await seed();
          const original = edges.find(({ id }) => id === "iron-ore--hpg--input-of")!;
          await change({ kind: "change-edge", edge: { ...original, rationale: "mine" } });
          await change({ kind: "retire-node", id: nodeId("sugar"), lastDay: tradingDate("2026-01-31") });
          await change({ kind: "add-node", node: node("my-own") });
          const before = await known();
          expect((await seed())!.leftAlone).toBeGreaterThan(2);
          expect(await known()).toEqual(before);
        });

        it("comes back on demand after it was undone, and not by itself", async () => {
          await seed();
          await undoValueChain(test.database, by("bob"));
          expect(await seed(true)).toBeUndefined();
          expect(await seed()).toMatchObject({ nodesWritten: nodes.length });
        });

        it("joins a graph of one's own without touching it", async () => {
          await change({ kind: "add-node", node: node("hpg", { name: "My Hoa Phat" }) });
          await seed();
          const { nodes: stored } = await known();
          expect(stored.find(({ id }) => id === "hpg")!.name).toBe("My Hoa Phat");
          expect(stored).toHaveLength(nodes.length);
        });
      });
    },
  );
}
