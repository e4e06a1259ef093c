import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type LeadLagScreen,
  type LeadLagStudy,
  leadLagScreenSchema,
  leadLagStudySchema,
  studyParametersSchema,
} from "../../src/contracts/lead-lag-study.js";
import { epochMs } from "../../src/engine/units/epoch-ms.js";
import { migrate } from "../../src/store/migrate.js";
import { readDataVersion } from "../../src/store/queries/data-version.js";
import {
  listStudies,
  readStudy,
  type ScreenParameters,
  storeScreen,
  storeStudy,
} from "../../src/store/queries/studies.js";
import { databasesUnderTest, type TestDatabase } from "./databases.js";

const CREATED_AT = epochMs(Date.parse("2026-04-11T03:00:00Z"));

const RUN = {
  engine: "none",
  engineParameters: null,
  seed: 2 ** 32 - 1,
  surrogates: 1000,
  resamples: 400,
  maxLag: 1,
  watermark: "5f0c:7",
  codeVersion: "0.1.0+0123456789ab",
  dataset: "market",
  excluded: "",
} as const;

/** Numbers that lose bits when they are written with fewer digits than they have. */
const study = (source: string, target: string): LeadLagStudy => ({
  studyId: null,
  source,
  target,
  factors: ["VNINDEX"],
  from: "2021-04-02",
  to: "2026-04-01",
  returns: 1246,
  verdict: { kind: "lead-found", lag: 1, lagInterval: [1, 1], isConfirmed: true, reasons: ["Because — “so”."] },
  heldOutIc: 0.1 + 0.2,
  heldOut: null,
  p: 3.489689674832788e-19,
  q: 5e-324,
  detectableSize: 1 / 3,
  tests: 93,
  isLagZeroTradable: false,
  lead: { lag: 1, transform: "linear", correlation: -1 / 7, statistic: 2e300, p: null },
  sameDay: null,
  lags: [{ lag: 0, n: 1246, pearson: Math.PI, whitened: -Math.E, ic: null, r2: -1e-17 }],
  boosting: null,
  bootstrap: { lagInterval: [1, 1], correlationInterval: [0.1, null], lags: [{ lag: 1, share: 1 }] },
  hacInterval: [0.1, 0.2],
  signStability: 0.8,
  comparison: null,
  blocks: [],
  granger: [{ lags: 1, f: 5.6, p: 0.018, rows: 1245 }],
  ...RUN,
});

const screen: LeadLagScreen = { studyId: null, pairs: [], tested: 3, refused: 1, declared: 2, fdr: 0.05, ...RUN };

const asked = { factors: null, from: "2021-04-01", to: null, engine: "none", maxLag: 1, seed: RUN.seed } as const;
const ofPair = (source: string, target: string) => ({ kind: "pair", source, target, ...asked, compare: null }) as const;
const ofScreen: ScreenParameters = { kind: "screen", pairs: [{ source: "A", target: "B" }], ...asked };

for (const under of await databasesUnderTest()) {
  describe.skipIf(under.unavailable)(
    `stored studies: ${under.name}${under.unavailable ? ` (${under.unavailable})` : ""}`,
    () => {
      let test: TestDatabase;
      beforeAll(async () => {
        test = await under.open();
        await migrate(test.database);
      });
      afterAll(() => test?.dispose());
      beforeEach(() => test.database.execute("DELETE FROM lead_lag_studies; DELETE FROM lead_lag_screens"));

      const store = (source: string, target: string) =>
        storeStudy(test.database, ofPair(source, target), { result: study(source, target), createdAtMs: CREATED_AT });
      const storeOneScreen = () => storeScreen(test.database, ofScreen, { result: screen, createdAtMs: CREATED_AT });

      it("come back with every bit, under their number", async () => {
        const id = await store("DCE.I", "HPG");
        expect(await readStudy(test.database, id)).toEqual({
          kind: "pair",
          createdAtMs: CREATED_AT,
          parameters: ofPair("DCE.I", "HPG"),
          result: { ...study("DCE.I", "HPG"), studyId: id },
        });
      });

      it("share one count of numbers with screens", async () => {
        const first = await store("DCE.I", "HPG");
        const second = await storeOneScreen();
        expect(second).toBe(first + 1);
        expect(await readStudy(test.database, second)).toEqual({
          kind: "screen",
          createdAtMs: CREATED_AT,
          parameters: ofScreen,
          result: { ...screen, studyId: second },
        });
      });

      it("are listed newest first, with screens, or by source and target without them", async () => {
        const ids = [await store("DCE.I", "HPG"), await store("DCE.I", "HSG"), await storeOneScreen()];
        const listed = async (selection: { source?: string; target?: string; limit?: number }) =>
          (await listStudies(test.database, { limit: 10, ...selection })).map(({ id }) => id);
        expect(await listed({})).toEqual(ids.toReversed());
        expect(await listed({ limit: 1 })).toEqual([ids[2]]);
        expect(await listed({ source: "DCE.I" })).toEqual([ids[1], ids[0]]);
        expect(await listed({ source: "DCE.I", target: "HPG" })).toEqual([ids[0]]);
        expect(await listed({ target: "VNM" })).toEqual([]);
      });

      it("show in the list what was found", async () => {
        await store("DCE.I", "HPG");
        await storeOneScreen();
        const [ofMany, ofOne] = await listStudies(test.database, { limit: 2 });
        expect(ofMany).toMatchObject({ kind: "screen", source: null, tested: 3, declared: 2, seed: RUN.seed });
        expect(ofOne).toMatchObject({
          kind: "pair",
          createdAtMs: CREATED_AT,
          verdict: "lead-found",
          lag: 1,
          p: 3.489689674832788e-19,
          heldOutIc: 0.1 + 0.2,
        });
      });

      it("leave the data version as it was", async () => {
        const before = await readDataVersion(test.database);
        await store("DCE.I", "HPG");
        await storeOneScreen();
        expect(await readDataVersion(test.database)).toEqual(before);
      });

      it("are absent under a number that no study has", async () => {
        expect(await readStudy(test.database, 2_147_483_647)).toBeUndefined();
      });

      it("are refused when they are not in the form of a study", async () => {
        const id = await store("DCE.I", "HPG");
        await test.database.query("UPDATE lead_lag_studies SET result = result - 'lags' WHERE id = $1", [id]);
        await expect(readStudy(test.database, id)).rejects.toMatchObject({
          code: "STUDY_INVALID",
          message: expect.stringMatching(new RegExp(`^invalid study ${id}: lags: `)),
        });
      });
    },
  );
}

describe("leadLagStudySchema, leadLagScreenSchema", () => {
  it("take what is stored and nothing less", () => {
    expect(leadLagStudySchema.parse(study("A", "B"))).toEqual(study("A", "B"));
    expect(leadLagScreenSchema.parse(screen)).toEqual(screen);
    expect(leadLagStudySchema.safeParse({ ...study("A", "B"), verdict: { kind: "maybe" } }).success).toBe(false);
    expect(leadLagStudySchema.safeParse({ ...study("A", "B"), p: "small" }).success).toBe(false);
  });

  it("read a study stored before engines were compared", () => {
    const { comparison: _, ...older } = study("A", "B");
    expect(leadLagStudySchema.parse(older)).toEqual(study("A", "B"));
    const { compare: __, ...olderParameters } = ofPair("A", "B");
    expect(studyParametersSchema.parse(olderParameters)).toEqual(ofPair("A", "B"));
  });
});
