import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { FeedEvent, Tick } from "../../src/engine/live-market/market-event.js";
import type { MarketFeed, TradeQuery } from "../../src/feeds/market-feed.js";

const RECONNECT_MS = 100;

/**
 * A feed over a socket that carries batches of events as JSON, one a line: the client of `StandInExchange`. It
 * reconnects for ever, and asks for past trades on a connection of their own.
 */
export function lineFeed({ port, nowMs }: { port: number; nowMs: () => number }): MarketFeed {
  let socket: Socket | undefined;
  const notice = (kind: "connected" | "disconnected", message: string): FeedEvent => ({
    kind: "notice",
    notice: kind,
    atMs: nowMs(),
    message,
  });
  return {
    name: "dnse",
    dataset: "market",
    clock: { nowMs, isDetached: false },
    symbols: [],
    reconnect: (reason) => socket?.destroy(new Error(reason)),
    history: {
      trades: (query) => askForTrades(port, query),
      workingDates: async () => [],
    },
    async *events(signal) {
      while (!signal.aborted) {
        socket = connect({ port, host: "127.0.0.1", signal });
        try {
          await once(socket, "connect", { signal });
          socket.write('{"stream":true}\n');
          yield [notice("connected", "")];
          for await (const line of createInterface({ input: socket })) {
            if (signal.aborted) return;
            yield JSON.parse(line) as FeedEvent[];
          }
          yield [notice("disconnected", "the stand-in closed the connection")];
        } catch (error) {
          if (signal.aborted) return;
          yield [notice("disconnected", (error as Error).message)];
        } finally {
          socket.destroy();
        }
        await delay(RECONNECT_MS, undefined, { signal }).catch(() => {});
      }
    },
  };
}

async function* askForTrades(port: number, { signal, ...query }: TradeQuery): AsyncGenerator<Tick[]> {
  const socket = connect({ port, host: "127.0.0.1", signal });
  socket.write(`${JSON.stringify({ history: query })}\n`);
  try {
    for await (const line of createInterface({ input: socket })) yield JSON.parse(line) as Tick[];
  } finally {
    socket.destroy();
  }
}
