import type { StudyInput } from "../../engine/lead-lag/aligned-returns.js";
import { defaultFactors, instrumentSeries } from "../../engine/lead-lag/instrument-series.js";
import type { StudySeries } from "../../engine/lead-lag/study-series.js";
import type { ClosesBySymbol } from "./closes-by-symbol.js";
import type { StudyInstrument } from "./study-choice.js";

/** Makes the inputs of studies from closes and what the instruments are. */
export class StudyInputs {
  readonly #closes: ClosesBySymbol;
  readonly #instruments: ReadonlyMap<string, StudyInstrument>;
  readonly #available: ReadonlySet<string>;

  constructor(closes: ClosesBySymbol, instruments: readonly StudyInstrument[]) {
    this.#closes = closes;
    this.#instruments = new Map(instruments.map((instrument) => [instrument.symbol, instrument]));
    this.#available = new Set(this.#instruments.keys());
  }

  has(symbol: string): boolean {
    return this.#available.has(symbol);
  }

  /** Two symbols, and the market's index as a factor where the target is a share of it. */
  pair(source: string, target: string, { withFactors }: { withFactors: boolean }): StudyInput {
    const instrument = this.#instruments.get(target);
    const factors = withFactors && instrument ? defaultFactors(instrument, { source, available: this.#available }) : [];
    return {
      source: this.#series(source),
      target: this.#series(target),
      factors: factors.map((symbol) => this.#series(symbol)),
    };
  }

  #series(symbol: string): StudySeries {
    const instrument = this.#instruments.get(symbol);
    const { openedAtMs, prices } = this.#closes.series(symbol);
    if (instrument) return instrumentSeries(instrument, { openedAtMs, prices });
    return { name: symbol, kind: "prices", openedAtMs, values: prices };
  }
}
