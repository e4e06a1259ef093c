import type { RequestHandler } from "express";
import { z } from "zod";
import { MARKET_API_LIMITS, type MarketInstruments } from "../../contracts/market-api.js";
import type { Instrument } from "../../engine/market-data/instrument.js";
import { SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";
import { listInstruments } from "../../store/queries/instrument-queries.js";
import { readCursor, writeCursor } from "./market-cursor.js";
import { instrumentsQuery, requireQuery } from "./market-query.js";
import type { MarketRouteParts } from "./market-route-parts.js";
import { bySymbol } from "./market-rows.js";
import { linkNext } from "./next-page.js";
import { REVALIDATE } from "./revalidation.js";

const instrumentPosition = z.tuple([z.string().regex(SYMBOL_PATTERN)]);

type InstrumentFilter = Pick<
  z.infer<typeof instrumentsQuery>,
  "exchange" | "assetClass" | "sector" | "industry" | "search"
>;

/** What is traded, page by page. */
export function instrumentsRoute({ database, shown }: MarketRouteParts): RequestHandler {
  return async (request, response) => {
    const query = requireQuery(instrumentsQuery, request.query);
    const dataset = query.dataset ?? (await shown.read());
    const { limit = MARKET_API_LIMITS.instruments.default, cursor, ...filter } = query;
    const question = ["instruments", dataset, filter];
    const after = cursor === undefined ? "" : readCursor(cursor, question, instrumentPosition)[0];
    const matching = (await listInstruments(database, dataset)).filter(matches(filter)).sort(bySymbol);
    const following = matching.filter(({ symbol }) => symbol > after);
    const page = following.slice(0, limit);
    const nextCursor = following.length > limit ? writeCursor(question, [page.at(-1)!.symbol]) : null;
    const answer: MarketInstruments = {
      dataset,
      instruments: page.map(instrumentAnswer),
      total: matching.length,
      nextCursor,
    };
    linkNext(request, response, nextCursor);
    response.set("Cache-Control", REVALIDATE).json(answer);
  };
}

function matches(filter: InstrumentFilter): (instrument: Instrument) => boolean {
  const search = filter.search?.toLowerCase();
  const isWanted = (asked: string | undefined, value: string | undefined) => asked === undefined || asked === value;
  return ({ exchange, assetClass, sector, industry, symbol, name }) =>
    isWanted(filter.exchange, exchange) &&
    isWanted(filter.assetClass, assetClass) &&
    isWanted(filter.sector, sector) &&
    isWanted(filter.industry, industry) &&
    (search === undefined || symbol.toLowerCase().includes(search) || name.toLowerCase().includes(search));
}

function instrumentAnswer(instrument: Instrument): MarketInstruments["instruments"][number] {
  return {
    symbol: instrument.symbol,
    name: instrument.name,
    exchange: instrument.exchange ?? null,
    sector: instrument.sector ?? null,
    industry: instrument.industry ?? null,
    assetClass: instrument.assetClass,
    currency: instrument.currency,
    lotSize: instrument.lotSize ?? null,
    tickRule: instrument.tickRule,
    marketCap: instrument.marketCap ?? null,
    marketCapDate: instrument.marketCapDate ?? null,
  };
}
