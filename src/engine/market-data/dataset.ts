/**
 * Which of the two stores of candles a query reads: `market` for everything imported or received,
 * `simulated` for the demo market. They are never mixed in one answer.
 */
export const DATASETS = ["market", "simulated"] as const;

export type Dataset = (typeof DATASETS)[number];
