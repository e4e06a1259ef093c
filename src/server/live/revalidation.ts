import type { Request, Response } from "express";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import type { DatabaseSession } from "../../store/database.js";
import { readDataVersion } from "../../store/queries/data-version.js";
import { isSettledUntil } from "../../store/queries/market-api-feed.js";

/** Revalidated with its ETag each time: what is stored can be corrected. */
export const REVALIDATE = "private, no-cache";

/** Answers 304 when the client has what the response's ETag says: true then. */
export function isFresh(request: Request, response: Response): boolean {
  if (request.fresh) response.status(304).end();
  return request.fresh;
}

/**
 * Sets the ETag of an answer that follows from stored data alone, and answers 304 when the client has it: true then.
 * Data that a feed is still adding to is tagged by its body instead.
 */
export async function isUnchanged(
  session: DatabaseSession,
  { dataset, until, variant }: { dataset: Dataset; until: TradingDate; variant: string },
  request: Request,
  response: Response,
): Promise<boolean> {
  response.set("Cache-Control", REVALIDATE);
  if (!(await isSettledUntil(session, dataset, until))) return false;
  const { watermark } = await readDataVersion(session);
  response.set("ETag", `"${watermark}/${dataset}/${variant}/${digestOfAddress(request)}"`);
  return isFresh(request, response);
}

/** The question as it stands in the address, fit for an ETag. */
function digestOfAddress(request: Request): string {
  return encodeURIComponent(new URL(request.originalUrl, "http://localhost").search);
}
