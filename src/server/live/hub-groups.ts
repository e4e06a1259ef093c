import type { HubClient } from "./hub-client.js";
import type { Interest } from "./hub-interest.js";

/** Clients with one interest. */
export interface HubGroup {
  readonly interest: Interest;
  readonly clients: ReadonlySet<HubClient>;
}

/** Clients that follow the market, by what they follow; those that replay are in no group. */
export class HubGroups implements Iterable<HubGroup> {
  readonly #groups = new Map<string, { readonly interest: Interest; readonly clients: Set<HubClient> }>();
  readonly #groupOf = new Map<HubClient, { readonly interest: Interest; readonly clients: Set<HubClient> }>();

  /** Puts a client into the group of its interest, out of the one it was in. */
  join(client: HubClient): void {
    this.part(client);
    const { interest } = client;
    let group = this.#groups.get(interest.key);
    if (!group) {
      group = { interest, clients: new Set() };
      this.#groups.set(interest.key, group);
    }
    group.clients.add(client);
    this.#groupOf.set(client, group);
  }

  /** Whether a client follows the market. */
  has(client: HubClient): boolean {
    return this.#groupOf.has(client);
  }

  part(client: HubClient): void {
    const group = this.#groupOf.get(client);
    if (!group) return;
    this.#groupOf.delete(client);
    group.clients.delete(client);
    if (group.clients.size === 0) this.#groups.delete(group.interest.key);
  }

  [Symbol.iterator](): Iterator<HubGroup> {
    return this.#groups.values();
  }
}
