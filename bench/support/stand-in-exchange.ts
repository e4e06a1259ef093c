import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setImmediate as immediate } from "node:timers/promises";
import type { FeedEvent, Tick } from "../../src/engine/live-market/market-event.js";
import type { TradeQuery } from "../../src/feeds/market-feed.js";

const TRADES_AT_ONCE = 1_000;

/**
 * Sends batches of events to a `lineFeed`, and answers its questions for past trades. It keeps nothing for those who
 * are not connected, as a broker does not.
 */
export class StandInExchange {
  readonly #server: Server;
  readonly #history: (query: Omit<TradeQuery, "signal">) => Iterable<Tick>;
  readonly #streams = new Set<Socket>();
  /** While true the connection stays, and nothing is sent. */
  isMute = false;

  private constructor(history: (query: Omit<TradeQuery, "signal">) => Iterable<Tick>) {
    this.#history = history;
    this.#server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("close", () => this.#streams.delete(socket));
      const lines = createInterface({ input: socket });
      // The interface repeats the errors of its socket.
      lines.on("error", () => {});
      lines.on("line", (line) => this.#heed(socket, line));
    });
  }

  static async open(history: (query: Omit<TradeQuery, "signal">) => Iterable<Tick>): Promise<StandInExchange> {
    const exchange = new StandInExchange(history);
    exchange.#server.listen(0, "127.0.0.1");
    await once(exchange.#server, "listening");
    return exchange;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get hasListener(): boolean {
    return [...this.#streams].some((socket) => !socket.destroyed);
  }

  /** Resolves when the listener's side takes more. */
  async send(events: readonly FeedEvent[]): Promise<void> {
    if (this.isMute || events.length === 0) return;
    const line = `${JSON.stringify(events)}\n`;
    for (const socket of this.#streams) {
      if (socket.destroyed || socket.write(line)) continue;
      await taken(socket);
    }
    // Lets the sockets be looked at, however fast the sender is.
    await immediate();
  }

  async close(): Promise<void> {
    for (const socket of this.#streams) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #heed(socket: Socket, line: string): void {
    const { history } = JSON.parse(line) as { history?: Omit<TradeQuery, "signal"> };
    if (!history) {
      this.#streams.add(socket);
      return;
    }
    const trades = [...this.#history(history)];
    for (let at = 0; at < trades.length; at += TRADES_AT_ONCE) {
      socket.write(`${JSON.stringify(trades.slice(at, at + TRADES_AT_ONCE))}\n`);
    }
    socket.end();
  }
}

/** Resolves when a socket takes more, and also when it is gone. */
function taken(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off("drain", done);
      socket.off("close", done);
      resolve();
    };
    if (socket.closed) resolve();
    socket.once("drain", done);
    socket.once("close", done);
  });
}
