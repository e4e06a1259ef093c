/** A table that holds the ticks of one stretch of time. */
export interface TickPartition {
  readonly name: string;
  rows: number;
  /** Latest event time in it. */
  lastMs: number;
}

export interface TickPartitionLimits {
  /** How far back ticks are kept, by their event time. */
  readonly keptMs: number;
  readonly keptRows: number;
  /** Rows after which a new partition begins. */
  readonly partitionRows: number;
}

export const TICK_LIMITS: TickPartitionLimits = { keptMs: 3_600_000, keptRows: 1_000_000, partitionRows: 25_000 };

/**
 * Which table takes the next ticks and which tables are to go. A database in memory gives back what a dropped table
 * held, and hardly what deleted rows held, so the oldest ticks leave a table at a time.
 */
export class TickPartitions {
  readonly #limits: TickPartitionLimits;
  #count = 0;
  #partitions: TickPartition[] = [];

  constructor(limits: TickPartitionLimits = TICK_LIMITS) {
    this.#limits = limits;
  }

  get names(): string[] {
    return this.#partitions.map(({ name }) => name);
  }

  get rows(): number {
    return this.#partitions.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Takes note of ticks to be written, and says into which table; `isNew` when it must be made. */
  place(rows: number, lastMs: number): { readonly name: string; readonly isNew: boolean } {
    let last = this.#partitions.at(-1);
    const isNew = !last || last.rows >= this.#limits.partitionRows;
    if (!last || isNew) {
      last = { name: `ticks_${this.#count++}`, rows: 0, lastMs: Number.NEGATIVE_INFINITY };
      this.#partitions.push(last);
    }
    last.rows += rows;
    last.lastMs = Math.max(last.lastMs, lastMs);
    return { name: last.name, isNew };
  }

  /** Takes note of older ticks than all others, and names the table of their own that must be made for them. */
  placeBefore(rows: number, lastMs: number): string {
    const name = `ticks_${this.#count++}`;
    this.#partitions.unshift({ name, rows, lastMs });
    return name;
  }

  /** Forgets tables that are too old or too many, and names them; the one being written always stays. */
  expire(nowMs: number): string[] {
    const gone: string[] = [];
    let rows = this.rows;
    this.#partitions = this.#partitions.filter((partition, at) => {
      const isLast = at === this.#partitions.length - 1;
      const isOver = partition.lastMs < nowMs - this.#limits.keptMs || rows > this.#limits.keptRows;
      if (isLast || !isOver) return true;
      rows -= partition.rows;
      gone.push(partition.name);
      return false;
    });
    return gone;
  }

  /** Forgets all tables, and names them. */
  clear(): string[] {
    const gone = this.names;
    this.#partitions = [];
    return gone;
  }
}
