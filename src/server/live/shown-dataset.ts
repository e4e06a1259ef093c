import type { FeedStatusMessage } from "../../contracts/live-protocol.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { Database } from "../../store/database.js";
import { activeDataset } from "../../store/queries/data-version.js";
import { hasCandles } from "../../store/queries/market-api-feed.js";
import type { LiveMarketView } from "./live-market-view.js";
import type { StoreReach } from "./store-reach.js";

/** The feed's status; `undefined` while none is followed. */
export function followedStatusOf(market: LiveMarketView | undefined): FeedStatusMessage | undefined {
  const status = market?.status();
  return status === undefined || status.feed === "none" ? undefined : status;
}

/** What the workbench shows: the market's candles, else the demo market or what the feed brings. */
export class ShownDataset {
  readonly #database: Database;
  readonly #market: LiveMarketView | undefined;
  readonly #store: StoreReach;
  #last: Dataset | undefined;

  constructor(database: Database, market: LiveMarketView | undefined, store: StoreReach) {
    this.#database = database;
    this.#market = market;
    this.#store = store;
  }

  async read(): Promise<Dataset> {
    const active = await activeDataset(this.#database);
    const followed = followedStatusOf(this.#market)?.dataset;
    const isActive = followed === undefined || followed === active || (await hasCandles(this.#database, active));
    this.#last = isActive ? active : followed;
    return this.#last;
  }

  /** While the store is away: what was shown last, else what the feed brings. */
  async readAnyhow(): Promise<Dataset> {
    const answer = await this.#store.tryAsk(() => this.read());
    if (answer.isUp) return answer.value;
    const known = this.#last ?? followedStatusOf(this.#market)?.dataset;
    if (known === undefined) throw answer.error;
    return known;
  }
}
