import { simpleReturns } from "../../market-data/returns.js";
import { sampleCovariance, shrinkToDiagonal, standardDeviations } from "../../portfolio/covariance-matrix.js";
import { riskParityWeights, riskShares } from "../../portfolio/risk-parity.js";
import {
  capWeights,
  equalWeights,
  inverseVolatilityWeights,
  type ScoreMethod,
  scoreWeights,
} from "../../portfolio/target-weights.js";
import { requireLongOnlyWeights, type SymbolWeight } from "../../portfolio/weight.js";
import type { Inputs, NodeImplementation } from "../node-handler.js";
import type { PortValue, TableCell, TableValue } from "../port-value.js";
import { invalidInput, tableAt } from "./step-inputs.js";
import { aTable, gives } from "./step-outputs.js";
import { choiceOf, numberOf, textOf } from "./step-parameters.js";
import { cellsOf, numbersOf, symbolsOfTable, tableOf } from "./table-columns.js";

function weightTable(weights: readonly SymbolWeight[]): PortValue {
  return aTable(tableOf({ symbol: weights.map(({ symbol }) => symbol), weight: weights.map(({ weight }) => weight) }));
}

/** Weights of a table, checked. @throws ARGUMENT_INVALID */
export function weightsOf(table: TableValue, port: string): readonly SymbolWeight[] {
  const symbols = symbolsOfTable(table, port);
  if (symbols.length < table.rowCount) throw invalidInput(port, "a symbol that comes twice", "each symbol once");
  const cells = numbersOf(cellsOf(table, "weight", port));
  const weights = symbols.map((symbol, row) => ({ symbol, weight: cells[row]! }));
  requireLongOnlyWeights(weights);
  return weights;
}

/** Simple returns between the rows of a table of closes, by symbol. @throws ARGUMENT_INVALID */
function returnsAt(inputs: Inputs) {
  const table = tableAt(inputs, "closes");
  const columns = table.columns.filter(({ name }) => name !== "time");
  if (columns.length === 0) throw invalidInput("closes", "no column beside time", "a column of closes per symbol");
  return {
    symbols: columns.map(({ name }) => name),
    // The first row has no return.
    returns: columns.map(({ cells }) => simpleReturns(numbersOf(cells)).subarray(1)),
  };
}

function scoreOf(cell: TableCell): number {
  if (typeof cell === "boolean") return cell ? 1 : 0;
  return typeof cell === "number" ? cell : NaN;
}

export const WEIGHT_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "portfolio.equal-weights": {
    run(parameters, inputs) {
      const symbols = symbolsOfTable(tableAt(inputs, "symbols"), "symbols");
      return gives({ weights: weightTable(equalWeights(symbols, numberOf(parameters, "total"))) });
    },
  },
  "portfolio.inverse-volatility": {
    run(parameters, inputs) {
      const { symbols, returns } = returnsAt(inputs);
      const deviations = standardDeviations(sampleCovariance(returns));
      return gives({
        weights: weightTable(inverseVolatilityWeights(symbols, deviations, numberOf(parameters, "total"))),
      });
    },
  },
  "portfolio.risk-parity": {
    run(parameters, inputs) {
      const { symbols, returns } = returnsAt(inputs);
      const covariance = shrinkToDiagonal(sampleCovariance(returns), numberOf(parameters, "shrinkage"));
      const weights = riskParityWeights(covariance);
      const total = numberOf(parameters, "total");
      const table = tableOf({
        symbol: symbols,
        weight: [...weights].map((weight) => weight * total),
        riskShare: [...riskShares(covariance, weights)],
      });
      return gives({ weights: aTable(table) });
    },
  },
  "portfolio.score-weights": {
    run(parameters, inputs) {
      const table = tableAt(inputs, "scores");
      const symbols = symbolsOfTable(table, "scores");
      if (symbols.length < table.rowCount)
        throw invalidInput("scores", "a symbol that comes twice", "each symbol once");
      const cells = cellsOf(table, textOf(parameters, "column"), "scores");
      const weights = scoreWeights(
        symbols.map((symbol, row) => ({ symbol, score: scoreOf(cells[row]!) })),
        {
          method: choiceOf<ScoreMethod>(parameters, "method"),
          most: numberOf(parameters, "most"),
          total: numberOf(parameters, "total"),
        },
      );
      return gives({ weights: weightTable(weights) }, { note: `${weights.length} of ${symbols.length} symbols` });
    },
  },
  "portfolio.cap-weights": {
    run(parameters, inputs) {
      const weights = weightsOf(tableAt(inputs, "weights"), "weights");
      return gives({ weights: weightTable(capWeights(weights, numberOf(parameters, "most"))) });
    },
  },
};
