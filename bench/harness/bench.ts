import type { BenchResult } from "./result.js";

export interface BenchContext {
  /** How often each side is measured. */
  readonly repeats: number;
  /** PostgreSQL server on which benches make schemas of their own. */
  readonly databaseUrl: string;
  readonly projectRoot: string;
  /** Folder of the real market data, which may be absent. */
  readonly marketData: string;
  /** For a person who waits. */
  readonly note: (line: string) => void;
}

export interface Bench {
  /** For the command line. */
  readonly name: string;
  run(context: BenchContext): Promise<BenchResult[]>;
}
