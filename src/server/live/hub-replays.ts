import type { ClientMessage } from "../../contracts/live-protocol.js";
import { WorkbenchError } from "../../engine/errors.js";
import type { HubClient } from "./hub-client.js";
import type { RequestId } from "./hub-client-message.js";
import { HubReplay, type HubReplayOptions } from "./hub-replay.js";

export interface HubReplaysOptions extends Pick<HubReplayOptions, "source" | "writer" | "limits" | "nowMs"> {
  readonly market: Pick<HubReplayOptions, "dataset">;
  /** The client sees the past from here on. */
  readonly onBegin: (client: HubClient) => void;
  /** The replay of a client ended by itself, or never began. */
  readonly onFailure: (client: HubClient, error: unknown, requestId: RequestId) => void;
}

/** Who replays what: at most one replay for each client, and not too many at the same time. */
export class HubReplays {
  readonly #options: HubReplaysOptions;
  #running = 0;
  #serial = 0;

  constructor(options: HubReplaysOptions) {
    this.#options = options;
  }

  /** For a client that replays nothing. @throws RATE_LIMITED */
  start(client: HubClient, request: Extract<ClientMessage, { type: "replay" }>): void {
    const { market, onBegin, onFailure, ...shared } = this.#options;
    const { replays } = shared.limits;
    if (this.#running >= replays) {
      throw new WorkbenchError("RATE_LIMITED", `too many replays (accepted: ${replays} at the same time)`);
    }
    this.#running++;
    const replay = new HubReplay(request, ++this.#serial, {
      ...shared,
      client,
      dataset: market.dataset,
      onBegin: () => onBegin(client),
      onFailure: (error) => {
        if (client.replay === replay) onFailure(client, error, request.id);
      },
    });
    client.replay = replay;
    replay.start();
  }

  /** @throws REQUEST_INVALID when the client replays nothing */
  of({ replay }: HubClient): HubReplay {
    if (replay) return replay;
    throw new WorkbenchError("REQUEST_INVALID", "nothing is being replayed (accepted: after a replay message)");
  }

  /** The replay that the client leaves, if there is one. */
  end(client: HubClient): HubReplay | undefined {
    const { replay } = client;
    client.replay = undefined;
    if (replay) this.#running--;
    return replay;
  }
}
