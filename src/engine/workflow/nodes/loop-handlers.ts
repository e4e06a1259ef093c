import type { NodeImplementation } from "../node-handler.js";
import { invalidInput, optionalTableAt } from "./step-inputs.js";
import { gives } from "./step-outputs.js";
import { numberOf, symbolsOf, textOf } from "./step-parameters.js";
import { symbolsOfTable } from "./table-columns.js";

export const LOOP_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "loop.universe": {
    async run(parameters, inputs, { services, asOfMs, signal }) {
      const table = optionalTableAt(inputs, "symbols");
      const list = symbolsOf(parameters);
      const items = table
        ? symbolsOfTable(table, "symbols")
        : list.length > 0
          ? [...new Set(list)]
          : await services.marketData.universe(textOf(parameters, "universe"), asOfMs, signal);
      const limit = numberOf(parameters, "limit");
      if (items.length > limit) throw invalidInput("symbols", `${items.length} symbols`, `at most the limit, ${limit}`);
      return gives({}, { items });
    },
  },
  /** Hands nothing on by itself: the loop takes its input. */
  "loop.collect": { run: () => gives({}) },
};
