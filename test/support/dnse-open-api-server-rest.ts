import { createHmac } from "node:crypto";
import type { IncomingMessage, RequestListener } from "node:http";

/** A request as the stand-in saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  readonly status: number;
}

/** A reply that is given instead of the next one. */
export interface ForcedReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Closes the connection without a reply. */
  readonly isAbrupt?: boolean;
}

/** What the stand-in answers from; tests may change all of it. */
export interface StandInHistory {
  /** Payloads of trades by symbol, ascending; what `makeTick` made is there by itself. */
  readonly trades: Map<string, Record<string, unknown>[]>;
  readonly definitions: Map<string, Record<string, unknown>>;
  readonly instruments: Record<string, unknown>[];
  readonly workingDates: string[];
  /** Candles as `t`, `o`, `h`, `l`, `c`, `v`, ascending; at most `candlesPerReply` go into one reply. */
  readonly candles: { t: number; o: number; h: number; l: number; c: number; v: number }[];
  candlesPerReply: number;
  /** Trades in one reply when the request sets no limit, and at most. */
  tradesPerReply: number;
  /** How times of trades are written. */
  tradeTimes: "ict" | "utc" | "iso";
  /** False leaves `totalVolumeTraded` out of trades. */
  hasTotals: boolean;
}

export interface RestStandIn {
  readonly key: string;
  readonly secret: string;
  readonly history: StandInHistory;
  readonly requests: SeenRequest[];
  readonly forcedReplies: ForcedReply[];
  readonly nowMs: () => number;
  /** Requests left until `resetAtS`, on every reply; at 0 requests are refused with 429. */
  readonly rateLimit: () => { limit: number; remaining: number; resetAtS: number } | undefined;
}

const SIGNATURE_HEADER =
  /^Signature keyId="([^"]*)",algorithm="hmac-sha256",headers="\(request-target\) ([a-z-]+)",signature="([^"]*)",nonce="([0-9a-f]{32})"$/;

/** Answers as the broker's REST service does, to signed requests only. */
export function restListener(standIn: RestStandIn): RequestListener {
  return (request, response) => {
    const url = new URL(request.url ?? "/", "http://stand-in");
    const reply = replyTo(request, url, standIn);
    standIn.requests.push({
      method: request.method ?? "",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      status: reply.status,
    });
    if (reply.isAbrupt === true) {
      request.socket.destroy();
      return;
    }
    const limit = standIn.rateLimit();
    response.writeHead(reply.status, {
      "content-type": "application/json",
      date: new Date(standIn.nowMs()).toUTCString(),
      ...(limit === undefined
        ? {}
        : {
            "X-RateLimit-Limit": String(limit.limit),
            "X-RateLimit-Remaining": String(limit.remaining),
            "X-RateLimit-Reset": String(limit.resetAtS),
          }),
      ...reply.headers,
    });
    response.end(typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body ?? {}));
  };
}

function replyTo(request: IncomingMessage, url: URL, standIn: RestStandIn): ForcedReply {
  const forced = standIn.forcedReplies.shift();
  if (forced !== undefined) return forced;
  const limit = standIn.rateLimit();
  if (limit !== undefined) {
    if (limit.remaining === 0 && standIn.nowMs() < limit.resetAtS * 1_000) {
      return { status: 429, body: { error: "Rate Limit Exceeded" } };
    }
    limit.remaining = Math.max(0, limit.remaining - 1);
  }
  const refusal = refusalOf(request, url, standIn);
  if (refusal !== undefined) return { status: 401, body: { status: 401, code: "OA-401", message: refusal } };
  return answer(url, standIn.history);
}

/** Why a request is refused; `undefined` when its signature is right. */
function refusalOf(request: IncomingMessage, url: URL, { key, secret, nowMs }: RestStandIn): string | undefined {
  const match = SIGNATURE_HEADER.exec(String(request.headers["x-signature"] ?? ""));
  if (match === null) return "no signature";
  const [, keyId, dateHeader, signature, nonce] = match;
  const date = String(request.headers[dateHeader!] ?? "");
  if (keyId !== key || request.headers["x-api-key"] !== key) return "unknown key";
  if (!(Math.abs(Date.parse(date) - nowMs()) <= 60_000)) return "date outside of the window";
  const signed = `(request-target): ${request.method!.toLowerCase()} ${url.pathname}\n${dateHeader}: ${date}\nnonce: ${nonce}`;
  const expected = encodeURIComponent(createHmac("sha256", secret).update(signed).digest("base64"));
  if (signature !== expected) return "wrong signature";
  return request.headers.version === undefined ? "no version" : undefined;
}

function answer(url: URL, history: StandInHistory): ForcedReply {
  const { pathname, searchParams } = url;
  const price = /^\/price\/([^/]+)\/(secdef|trades)$/.exec(pathname);
  if (price !== null) {
    const symbol = decodeURIComponent(price[1]!);
    if (price[2] === "trades") return { status: 200, body: tradesPage(symbol, searchParams, history) };
    const definition = history.definitions.get(symbol);
    return definition === undefined
      ? { status: 400, body: { status: 400, code: "SYMBOL_NOT_EXIST", message: "unknown symbol" } }
      : { status: 200, body: [definition] };
  }
  if (pathname === "/price/ohlc") return { status: 200, body: candlesPage(searchParams, history) };
  if (pathname === "/market/working-dates") return { status: 200, body: { workingDates: history.workingDates } };
  if (pathname === "/instruments") {
    const limit = Number(searchParams.get("limit") ?? 100);
    const from = (Number(searchParams.get("page") ?? 1) - 1) * limit;
    return { status: 200, body: { instruments: history.instruments.slice(from, from + limit) } };
  }
  return { status: 404, body: { status: 404, code: "RESOURCE_NOT_FOUND", message: pathname } };
}

function tradesPage(symbol: string, query: URLSearchParams, history: StandInHistory): unknown {
  const fromS = Number(query.get("from") ?? 0);
  const toS = Number(query.get("to") ?? Infinity);
  const matching = (history.trades.get(symbol) ?? []).filter((trade) => {
    const { Seconds } = trade.time as { Seconds: number };
    return trade.boardId === query.get("boardId") && Seconds >= fromS && Seconds <= toS;
  });
  if (query.get("order") !== "ASC") matching.reverse();
  const limit = Math.min(Number(query.get("limit") ?? history.tradesPerReply), history.tradesPerReply);
  const from = Number(Buffer.from(query.get("nextPageToken") ?? "", "base64url").toString() || 0);
  const page = matching.slice(from, from + limit);
  const next = from + limit < matching.length ? Buffer.from(String(from + limit)).toString("base64url") : "";
  return { trades: page.map((trade) => pastTrade(trade, history)), nextPageToken: next };
}

/** A trade as history gives it: without its session, and with its time as text. */
function pastTrade(trade: Record<string, unknown>, { tradeTimes, hasTotals }: StandInHistory): unknown {
  const { T: _type, tradingSessionId: _session, totalVolumeTraded, time, ...rest } = trade;
  const { Seconds, Nanos } = time as { Seconds: number; Nanos: number };
  const utcMs = Seconds * 1_000 + Math.floor(Nanos / 1e6);
  const shiftMs = tradeTimes === "ict" ? 7 * 3_600_000 : 0;
  const iso = new Date(utcMs + shiftMs).toISOString();
  const text = tradeTimes === "iso" ? iso : iso.replace("T", " ").replace("Z", "");
  return { ...rest, ...(hasTotals ? { totalVolumeTraded } : {}), time: text };
}

function candlesPage(query: URLSearchParams, { candles, candlesPerReply }: StandInHistory): unknown {
  const [fromS, toS] = [Number(query.get("from")), Number(query.get("to"))];
  const matching = candles.filter(({ t }) => t >= fromS && t <= toS);
  const page = matching.slice(0, candlesPerReply);
  if (page.length === 0) return { t: null, nextTime: 0 };
  const column = (name: keyof (typeof page)[number]) => page.map((candle) => candle[name]);
  return {
    t: column("t"),
    o: column("o"),
    h: column("h"),
    l: column("l"),
    c: column("c"),
    v: column("v"),
    nextTime: matching[candlesPerReply]?.t ?? 0,
  };
}
