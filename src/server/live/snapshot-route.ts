import type { RequestHandler } from "express";
import { MS_PER_SECOND } from "../../engine/units/epoch-ms.js";
import type { SnapshotCache } from "../../shared-state/snapshot-cache.js";
import { requireQuery, snapshotQuery } from "./market-query.js";
import type { MarketRouteParts } from "./market-route-parts.js";
import { isFresh, REVALIDATE } from "./revalidation.js";
import { SnapshotService } from "./snapshot-service.js";

/** The whole market at a glance, from the cache or made anew. */
export function snapshotRoute(
  { rows, shown, followedStatus, nowMs }: MarketRouteParts,
  snapshots: SnapshotCache,
): RequestHandler {
  const service = new SnapshotService({ rows, snapshots, nowMs });
  return async (request, response) => {
    const query = requireQuery(snapshotQuery, request.query);
    const shownNow = await shown.readAnyhow();
    const dataset = query.dataset ?? shownNow;
    const { madeAtMs, body } = await service.read(query.type, dataset, dataset === shownNow);
    const status = followedStatus() ?? null;
    const tag = `${query.type}/${dataset}/${madeAtMs}/${status?.state ?? "none"}/${status?.sinceMs ?? 0}`;
    response.set("Cache-Control", REVALIDATE).set("ETag", `W/"${tag}"`);
    if (isFresh(request, response)) return;
    const ageSeconds = Math.max(0, nowMs() - madeAtMs) / MS_PER_SECOND;
    const changing = JSON.stringify({ ageSeconds, feed: status });
    response.type("application/json").send(`${changing.slice(0, -1)},${body.slice(1)}`);
  };
}
