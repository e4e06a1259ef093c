/** A node as a file or a person gives it, before anyone checked it. */
export interface NodeDraft {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly sector: string | undefined;
  readonly symbol: string | undefined;
  readonly validFrom: string | undefined;
  readonly validTo: string | undefined;
}

/** An edge as a file or a person gives it, before anyone checked it. */
export interface EdgeDraft {
  readonly id: string;
  readonly sourceId: string;
  readonly targetId: string;
  readonly kind: string;
  /** A text is what a file had in the place of a number. */
  readonly sign: number | string;
  readonly confidence: string;
  readonly rationale: string;
  readonly source: string;
  readonly sourceDate: string | undefined;
  readonly validFrom: string | undefined;
  readonly validTo: string | undefined;
}

/** What may become a graph. Every graph is such a draft. */
export interface ValueChainDraft {
  readonly nodes: readonly NodeDraft[];
  readonly edges: readonly EdgeDraft[];
}
