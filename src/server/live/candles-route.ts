import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Request, RequestHandler, Response } from "express";
import type { Logger } from "pino";
import { z } from "zod";
import { MARKET_API_LIMITS, type MarketCandles } from "../../contracts/market-api.js";
import { WorkbenchError } from "../../engine/errors.js";
import type { CandleColumns } from "../../engine/market-data/candle-columns.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { epochMs } from "../../engine/units/epoch-ms.js";
import type { DatabaseSession } from "../../store/database.js";
import { listSourcesOf } from "../../store/queries/import-batch-queries.js";
import { candleBounds, readCandleStretches } from "../../store/queries/market-api-candles.js";
import { describeExclusions, listQuarantines } from "../../store/queries/quarantine-queries.js";
import { CANDLE_CONTENT_TYPES, type CandleAnswerFacts, candleArrow, candleCsv, candleRows } from "./candle-answers.js";
import { candleAround, nextCandleFrom, takeCandlePage } from "./candle-page.js";
import { readCursor, writeCursor } from "./market-cursor.js";
import {
  CANDLE_ANSWER_FORMATS,
  type CandleAnswerFormat,
  candlesQuery,
  requireOrder,
  requireQuery,
  untilOf,
} from "./market-query.js";
import type { MarketRouteParts } from "./market-route-parts.js";
import { linkNext } from "./next-page.js";
import { isUnchanged } from "./revalidation.js";
import { requireInstrument } from "./unknown-symbol.js";

/** Rows that are read, written and forgotten together. */
const STRETCH_ROWS = 20_000;

const instant = z.number().int().min(-8.64e15).max(8.64e15);
/** Opening of the last candle and the end of the range, ms. */
const candlePosition = z.tuple([instant, instant]);

type CandlesQuery = z.infer<typeof candlesQuery>;

/** Candles of one symbol as JSON, CSV or Arrow. */
export function candlesRoute({ database, shown, logger }: MarketRouteParts): RequestHandler {
  return async (request, response) => {
    const query = requireQuery(candlesQuery, request.query);
    requireOrder(query.from, query.to);
    const dataset = query.dataset ?? (await shown.read());
    const format = candleFormatOf(request, query.format);
    response.vary("Accept");
    const stored = { dataset, until: untilOf(query.to), variant: format };
    if (await isUnchanged(database, stored, request, response)) return;
    await answerCandles({ session: database, logger }, { query, dataset, format }, request, response);
  };
}

/** The format by `format`, else by `Accept`. @throws REQUEST_INVALID when none of ours is accepted */
function candleFormatOf(request: Request, asked: CandleAnswerFormat | undefined): CandleAnswerFormat {
  if (asked !== undefined) return asked;
  const types = CANDLE_ANSWER_FORMATS.map((format) => CANDLE_CONTENT_TYPES[format]);
  const accepted = request.accepts(types);
  const format = CANDLE_ANSWER_FORMATS.find((name) => CANDLE_CONTENT_TYPES[name] === accepted);
  if (format !== undefined) return format;
  throw new WorkbenchError(
    "REQUEST_INVALID",
    `invalid Accept: ${JSON.stringify(request.get("Accept")?.slice(0, 100))} (accepted: ${types.join(", ")})`,
    { details: { fields: ["Accept"] } },
  );
}

/** Answers with a page as JSON, or with a page or everything as CSV or Arrow, at the pace of whoever reads. */
async function answerCandles(
  { session, logger }: { session: DatabaseSession; logger: Logger },
  { query, dataset, format }: { query: CandlesQuery; dataset: Dataset; format: CandleAnswerFormat },
  request: Request,
  response: Response,
): Promise<void> {
  const { symbol, interval } = query;
  const question = ["candles", symbol, interval, dataset, query.from?.startMs, query.to?.endMs];
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor, question, candlePosition);
  const bounds = await candleBounds(session, { symbol, dataset });
  if (bounds === undefined) await requireInstrument(session, { symbol, dataset });
  const { firstMs, lastMs } = bounds ?? { firstMs: 0, lastMs: -1 };
  const endMs = candleAround(lastMs, interval).nextMs;
  const fromMs =
    after === undefined
      ? nextCandleFrom(query.from?.startMs ?? -8.64e15, interval)
      : candleAround(after[0], interval).nextMs;
  const toMs = after?.[1] ?? (query.to === undefined ? endMs : nextCandleFrom(query.to.endMs, interval));
  const selection = {
    interval,
    dataset,
    symbols: [symbol],
    fromMs: epochMs(Math.max(fromMs, candleAround(firstMs, interval).openedAtMs)),
    toMsExclusive: epochMs(Math.min(toMs, endMs)),
  };
  const facts: CandleAnswerFacts = {
    symbol,
    interval,
    dataset,
    source: (await listSourcesOf(session, symbol, dataset)).join(", "),
    excluded: describeExclusions(await listQuarantines(session, dataset), new Set([symbol])),
  };
  const isPaged = format === "json" || query.limit !== undefined || after !== undefined;
  if (!isPaged) {
    await streamFile(
      { response, request, logger },
      format,
      await begun(readCandleStretches(session, selection, STRETCH_ROWS)),
      facts,
    );
    return;
  }
  const limit = query.limit ?? MARKET_API_LIMITS.candles.default;
  const page = await takeCandlePage(readCandleStretches(session, selection, limit + 1), limit);
  const nextCursor = page.hasMore ? writeCursor(question, [page.lastMs!, selection.toMsExclusive]) : null;
  linkNext(request, response, nextCursor);
  if (format === "json") {
    const answer: MarketCandles = {
      ...facts,
      candles: page.parts.flatMap((candles) => candleRows(candles, facts)),
      nextCursor,
    };
    response.json(answer);
    return;
  }
  await streamFile({ response, request, logger }, format, asyncOf(page.parts), facts);
}

async function streamFile(
  { response, request, logger }: { response: Response; request: Request; logger: Logger },
  format: "csv" | "arrow",
  stretches: AsyncIterable<CandleColumns>,
  facts: CandleAnswerFacts,
): Promise<void> {
  const extension = format === "csv" ? "csv" : "arrows";
  response
    .type(CANDLE_CONTENT_TYPES[format])
    .set("Content-Disposition", `inline; filename="${facts.symbol}-${facts.interval}.${extension}"`);
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const chunks = format === "csv" ? candleCsv(stretches, facts) : candleArrow(stretches, facts);
  try {
    await pipeline(Readable.from(chunks, { objectMode: false, highWaterMark: 1 }), response);
  } catch (error) {
    if (!response.headersSent) throw error;
    // Too late for an error answer: a broken body tells the client, unless it left by itself.
    if (!isPrematureClose(error)) logger.error({ err: error }, "an answer broke off");
    response.destroy();
  }
}

function isPrematureClose(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ERR_STREAM_PREMATURE_CLOSE";
}

/** The same values, once the first is there: a failure to get it can still be answered as one. */
async function begun<T>(values: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
  const first = await values.next();
  return (async function* () {
    if (first.done) return;
    yield first.value;
    yield* values;
  })();
}

async function* asyncOf<T>(values: Iterable<T>): AsyncGenerator<T> {
  yield* values;
}
