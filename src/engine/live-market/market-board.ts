import { inferInstrumentConventions } from "../market-data/instrument-conventions.js";
import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import type { IndexLevel, MarketEvent, ReferencePrice } from "./market-event.js";
import { QuoteBuilder } from "./quote-builder.js";
import type { SessionPhase } from "./session-phase.js";
import { factsCalendar, sessionPhaseAt } from "./session-schedule.js";
import type { SymbolQuote } from "./symbol-quote.js";

const CALENDAR = factsCalendar();

/**
 * The latest of every symbol on its latest trading date. Trades may come in any order and more than once. Levels of
 * an index make its quote.
 */
export class MarketBoard {
  readonly #quotes = new Map<InstrumentSymbol, QuoteBuilder>();
  readonly #indexes = new Map<InstrumentSymbol, IndexLevel>();
  readonly #phases = new Map<string, SessionPhase>();

  apply(event: MarketEvent): void {
    switch (event.kind) {
      case "tick":
        this.#builder(event.symbol).trade(event);
        return;
      case "book":
        this.#builder(event.symbol).offer(event);
        return;
      case "reference":
        this.seedReference(event);
        return;
      case "index":
        this.#applyIndex(event);
        return;
      case "session":
        if (event.board === undefined || event.board === "G1") this.#phases.set(event.market, event.phase);
    }
  }

  quote(symbol: InstrumentSymbol): SymbolQuote | undefined {
    return this.#quotes.get(symbol)?.quote();
  }

  *quotes(): Iterable<SymbolQuote> {
    for (const builder of this.#quotes.values()) yield builder.quote();
  }

  index(symbol: InstrumentSymbol): IndexLevel | undefined {
    return this.#indexes.get(symbol);
  }

  indexes(): Iterable<IndexLevel> {
    return this.#indexes.values();
  }

  /** The phase that the exchange announced last, by the name of its market. */
  phase(market: string): SessionPhase | undefined {
    return this.#phases.get(market);
  }

  seedReference(reference: ReferencePrice): void {
    this.#builder(reference.symbol).refer(reference);
  }

  /** Starts a symbol from a quote made elsewhere, unless something later is known of it here. */
  seedQuote(quote: SymbolQuote): void {
    this.#builder(quote.symbol).seed(quote);
  }

  /** Forgets everything. */
  reset(): void {
    this.#quotes.clear();
    this.#indexes.clear();
    this.#phases.clear();
  }

  #applyIndex(level: IndexLevel): void {
    const known = this.#indexes.get(level.symbol);
    if (known === undefined || level.eventTimeMs >= known.eventTimeMs) this.#indexes.set(level.symbol, level);
    const { exchange } = inferInstrumentConventions(level.symbol);
    const phase = exchange === undefined ? "continuous" : sessionPhaseAt(exchange, level.eventTimeMs, CALENDAR);
    this.#builder(level.symbol).publish(level, phase);
  }

  #builder(symbol: InstrumentSymbol): QuoteBuilder {
    let builder = this.#quotes.get(symbol);
    if (builder === undefined) {
      builder = new QuoteBuilder(symbol);
      this.#quotes.set(symbol, builder);
    }
    return builder;
  }
}
