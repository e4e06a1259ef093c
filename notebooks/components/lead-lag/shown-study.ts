import type { PairStudy } from "../../engine/lead-lag/study-pair.js";
import type { Provenance } from "../frame/provenance.js";
import type { DatedSides } from "./study-question.js";

/** A study as its figures take it. */
export interface ShownStudy {
  readonly source: string;
  readonly target: string;
  /** What both sides were freed from. */
  readonly factors: readonly string[];
  readonly study: PairStudy;
  readonly sides: DatedSides;
  /** Up to the last day of the study, with its number of returns. */
  readonly provenance: Provenance;
}
