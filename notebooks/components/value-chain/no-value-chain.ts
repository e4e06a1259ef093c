import { emptyState } from "../frame/state-block.js";

/** Stands for the whole page while no graph is stored. */
export function noValueChain(): HTMLElement {
  return emptyState({
    title: "No value chain yet",
    reason: "Who depends on what, as a graph of companies, commodities, currencies and rates, appears here.",
    commands: ["npm run quantflow -- value-chain seed", "npm run quantflow -- value-chain import <files>"],
    isWholePage: true,
  });
}
