import type { ClientMessage } from "../../contracts/live-protocol.js";
import { WorkbenchError } from "../../engine/errors.js";
import type { ChannelSource } from "./channel-source.js";
import type { HubClient } from "./hub-client.js";
import { named } from "./hub-client-message.js";
import type { HubDelivery } from "./hub-delivery.js";
import type { HubGroups } from "./hub-groups.js";
import { interestIn } from "./hub-interest.js";
import type { HubLimits } from "./hub-limits.js";
import type { HubReplays } from "./hub-replays.js";
import type { LiveMarket } from "./live-market.js";

export interface HubAnswersOptions {
  readonly market: LiveMarket;
  readonly limits: HubLimits;
  readonly groups: HubGroups;
  readonly delivery: HubDelivery;
  readonly replays: HubReplays;
  readonly channels: ChannelSource | undefined;
  /** A client whose replay cannot be begun, and whose former one is over. */
  readonly onReplayRefused: (client: HubClient) => void;
}

/** What each request of a client does, and what it is told. */
export class HubAnswers {
  readonly #options: HubAnswersOptions;

  constructor(options: HubAnswersOptions) {
    this.#options = options;
  }

  /** @throws REQUEST_INVALID, RATE_LIMITED, RANGE_INVALID */
  answer(client: HubClient, request: ClientMessage): void {
    switch (request.type) {
      case "subscribe":
        this.#subscribe(client, request);
        return;
      case "unsubscribe":
        for (const channel of request.channels) {
          client.channels.delete(channel);
          client.listening.get(channel)?.();
          client.listening.delete(channel);
        }
        this.#setChannels(client);
        client.say({ type: "unsubscribed", ...named(request.id), channels: request.channels });
        return;
      case "replay":
        this.#options.replays.end(client)?.abandon();
        try {
          this.#options.replays.start(client, request);
        } catch (error) {
          this.#options.onReplayRefused(client);
          throw error;
        }
        return;
      case "replay-control":
        this.#options.replays.of(client).control(request.action, request.id);
        return;
      case "replay-stop": {
        this.#options.replays.of(client).stop(request.id);
        this.#options.replays.end(client);
        this.#options.groups.join(client);
        this.#options.delivery.sendAnew(client);
      }
    }
  }

  #subscribe(client: HubClient, request: Extract<ClientMessage, { type: "subscribe" }>): void {
    const { channelsPerClient, channelsPerRequest } = this.#options.limits;
    const added = new Set(request.channels.filter((channel) => !client.channels.has(channel)));
    const wanted = client.channels.size + added.size;
    if (request.channels.length > channelsPerRequest) {
      throw tooManyChannels(request.channels.length, `at most ${channelsPerRequest} in one request`);
    }
    if (wanted > channelsPerClient) throw tooManyChannels(wanted, `at most ${channelsPerClient} for one client`);

    const before = client.interest;
    for (const channel of added) client.channels.add(channel);
    this.#setChannels(client);
    const addedInterest = interestIn(added);
    const replay = client.replay?.hasBegun ? client.replay : undefined;
    const { epoch, sequence } = replay ?? this.#options.market;
    const missed = replay ? undefined : this.#options.delivery.missedTicks(request.resume, addedInterest, before);
    client.say({
      type: "subscribed",
      ...named(request.id),
      channels: request.channels,
      from: missed ? "resumed" : "snapshot",
      epoch,
      sequence,
    });
    for (const channel of added) this.#listen(client, channel);
    if (replay) {
      replay.sendSnapshot(addedInterest);
      return;
    }
    if (missed) client.send(missed.plain);
    this.#options.delivery.sendSnapshot(client, addedInterest);
  }

  #listen(client: HubClient, channel: string): void {
    const { channels, limits } = this.#options;
    if (!channels?.has(channel)) return;
    const stop = channels.listen(channel, {
      hasRoom: () => client.isOpen && client.backlogBytes < limits.backlogBytes,
      send: (message) => client.tell(message),
    });
    client.listening.set(channel, stop);
  }

  #setChannels(client: HubClient): void {
    client.interest = interestIn(client.channels);
    if (!client.replay?.hasBegun) this.#options.groups.join(client);
  }
}

function tooManyChannels(count: number, accepted: string): WorkbenchError {
  return new WorkbenchError("REQUEST_INVALID", `invalid channels: ${count} (accepted: ${accepted})`, {
    details: { field: "channels", problem: `${count} channels`, accepted },
  });
}
