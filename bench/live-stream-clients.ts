import { WebSocket } from "ws";
import { LIVE_PATH } from "../src/contracts/live-protocol.js";

/** What the clients' process is told. */
export type ClientsCommand =
  | { readonly do: "connect"; readonly port: number; readonly clients: number; readonly channels: readonly string[] }
  /** Answered when every client has got so many bytes of binary frames since the last command. */
  | { readonly do: "count"; readonly frames: number }
  | { readonly do: "arrivals" }
  | { readonly do: "disconnect" };

/** The first client's frames, and for each client when each of its frames arrived, ms of the monotonic clock. */
export interface Arrivals {
  readonly frames: readonly string[];
  readonly arrivedAtMs: readonly (readonly number[])[];
}

/** A clock that all processes of a machine share. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

let sockets: WebSocket[] = [];
let arrivedAtMs: number[][] = [];
let frames: Buffer[] = [];
let frameCounts: number[] = [];
let wanted: number | undefined;
let complete = 0;

function answer(message: object): void {
  process.send!(message);
}

function checkComplete(): void {
  if (wanted === undefined || complete < sockets.length) return;
  wanted = undefined;
  answer({ done: "count" });
}

async function connectAll({ port, clients, channels }: Extract<ClientsCommand, { do: "connect" }>): Promise<void> {
  arrivedAtMs = Array.from({ length: clients }, () => []);
  frameCounts = new Array<number>(clients).fill(0);
  frames = [];
  sockets = await Promise.all(
    Array.from({ length: clients }, async (_, i) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${LIVE_PATH}`, { perMessageDeflate: false });
      await new Promise<void>((resolve, reject) => {
        socket.on("error", reject);
        socket.on("open", () => {
          if (channels.length === 0) resolve();
          else socket.send(JSON.stringify({ type: "subscribe", channels }));
        });
        socket.on("message", (data: Buffer, isBinary) => {
          if (!isBinary) {
            if (data.includes('"subscribed"')) resolve();
            return;
          }
          arrivedAtMs[i]!.push(monotonicMs());
          if (i === 0) frames.push(data);
          frameCounts[i]!++;
          if (frameCounts[i] === wanted) {
            complete++;
            checkComplete();
          }
        });
      });
      return socket;
    }),
  );
}

process.on("message", (command: ClientsCommand) => {
  switch (command.do) {
    case "connect":
      void connectAll(command).then(() => answer({ done: "connect" }));
      break;
    case "count":
      wanted = command.frames;
      complete = frameCounts.filter((count) => count >= command.frames).length;
      checkComplete();
      break;
    case "arrivals":
      answer({ frames: frames.map((frame) => frame.toString("base64")), arrivedAtMs } satisfies Arrivals);
      break;
    case "disconnect":
      for (const socket of sockets) socket.terminate();
      answer({ done: "disconnect" });
  }
});
