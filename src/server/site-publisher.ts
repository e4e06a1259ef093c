import type { Logger } from "pino";
import type { Database } from "../store/database.js";
import { readDataVersion } from "../store/queries/data-version.js";

const POLL_MS = 1_500;

export type PublishingState =
  | { readonly kind: "up-to-date"; readonly builtAt: string }
  | { readonly kind: "building"; readonly since: string; readonly lastLine: string }
  | { readonly kind: "failed"; readonly at: string; readonly message: string };

export interface SitePublisherOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** Whether the built site shows the sources and data as they are. */
  readonly isFresh: () => Promise<boolean>;
  /** Builds the site and swaps it in. */
  readonly build: (onLine: (line: string) => void) => Promise<void>;
}

/**
 * Keeps the built site in step with the data: looks at the data version and builds anew after a change. Pages go on
 * being served from the former build meanwhile, and after a build that fails.
 */
export class SitePublisher {
  readonly #options: SitePublisherOptions;
  #state: PublishingState = { kind: "up-to-date", builtAt: "" };
  #builtWatermark: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: SitePublisherOptions) {
    this.#options = options;
  }

  get state(): PublishingState {
    return this.#state;
  }

  /** Builds when needed, then watches. @throws what the first build throws */
  async start(): Promise<void> {
    const { watermark } = await readDataVersion(this.#options.database);
    if (!(await this.#options.isFresh())) await this.#publish(watermark);
    else this.#state = { kind: "up-to-date", builtAt: new Date().toISOString() };
    this.#builtWatermark = watermark;
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#look(), POLL_MS).unref();
  }

  async #look(): Promise<void> {
    try {
      const { watermark } = await readDataVersion(this.#options.database);
      if (watermark !== this.#builtWatermark) {
        // Remembered before the build: a build that fails is tried again at the next change, not in a loop.
        this.#builtWatermark = watermark;
        await this.#publish(watermark);
      }
    } catch (error) {
      if (!this.#stopped) this.#options.logger.error({ err: error }, "the site could not be brought up to date");
    }
    this.#schedule();
  }

  async #publish(watermark: string): Promise<void> {
    const since = new Date().toISOString();
    this.#state = { kind: "building", since, lastLine: "" };
    try {
      await this.#options.build((lastLine) => {
        this.#state = { kind: "building", since, lastLine };
      });
      this.#state = { kind: "up-to-date", builtAt: new Date().toISOString() };
      this.#options.logger.info({ watermark }, "site published");
    } catch (error) {
      this.#state = { kind: "failed", at: new Date().toISOString(), message: (error as Error).message };
      throw error;
    }
  }
}
