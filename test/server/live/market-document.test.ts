import { describe, expect, it } from "vitest";
import type { z } from "zod";
import {
  marketCandlesSchema,
  marketFeedSchema,
  marketIndexesSchema,
  marketInstrumentsSchema,
  marketSessionsSchema,
  marketSnapshotSchema,
  marketTicksSchema,
} from "../../../src/contracts/market-api.js";
import * as queries from "../../../src/server/live/market-query.js";
import { readText } from "../../docs/repository.js";

const ENDPOINTS: Readonly<Record<string, { answer: z.ZodType; query: z.ZodObject }>> = {
  snapshot: { answer: marketSnapshotSchema, query: queries.snapshotQuery },
  instruments: { answer: marketInstrumentsSchema, query: queries.instrumentsQuery },
  candles: { answer: marketCandlesSchema, query: queries.candlesQuery },
  ticks: { answer: marketTicksSchema, query: queries.ticksQuery },
  indexes: { answer: marketIndexesSchema, query: queries.indexesQuery },
  sessions: { answer: marketSessionsSchema, query: queries.sessionsQuery },
  feed: { answer: marketFeedSchema, query: queries.feedQuery },
};

describe("docs/market-api.md", () => {
  const sections = new Map(
    readText("docs/market-api.md")
      .split(/^## GET \/api\/market\//m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf("\n")), section]),
  );

  it("has a section for every endpoint, and no other", () => {
    expect([...sections.keys()]).toEqual(Object.keys(ENDPOINTS));
  });

  it.each(Object.entries(ENDPOINTS))(
    "shows an answer of %s as it is, and names every parameter",
    (name, { answer, query }) => {
      const section = sections.get(name)!;
      const [, example] = /```json\n([\s\S]+?)```/.exec(section)!;
      const parsed = JSON.parse(example!);
      expect(answer.parse(parsed)).toEqual(parsed);
      for (const parameter of Object.keys(query.shape)) expect(section).toContain(`\`${parameter}\``);
    },
  );
});
