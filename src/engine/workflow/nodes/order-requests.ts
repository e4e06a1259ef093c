import { WorkbenchError } from "../../errors.js";
import type { OrderKind, OrderRequest, OrderSide } from "../../trading/order.js";
import type { Inputs, Parameters, StepContext } from "../node-handler.js";
import type { SignalValue, TableValue } from "../port-value.js";
import { invalidInput, optionalNumberAt } from "./step-inputs.js";
import { choiceOf, invalidParameter, numberOf, textOf } from "./step-parameters.js";
import { cellsOf } from "./table-columns.js";

/** @throws ARGUMENT_INVALID for a workflow without one */
export function riskProfileOf({ riskProfile }: StepContext): string {
  if (riskProfile !== undefined) return riskProfile;
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    "invalid settings: no risk profile (accepted: the name of one, for workflows that order)",
  );
}

/** That of the parameter, else that of the signal. @throws ARGUMENT_INVALID without either */
export function symbolFor(parameters: Parameters, { symbol }: SignalValue): string {
  const named = textOf(parameters, "symbol") || symbol;
  if (named) return named;
  throw invalidParameter("symbol", "", "a symbol here or in the signal");
}

/** That of the parameter, else that of the signal. @throws ARGUMENT_INVALID without either */
export function sideOf(parameters: Parameters, { side }: SignalValue): OrderSide {
  const chosen = choiceOf<"from signal" | OrderSide>(parameters, "side");
  if (chosen !== "from signal") return chosen;
  if (side) return side;
  throw invalidParameter("side", chosen, "buy or sell here, or a signal with a side");
}

/** @throws ARGUMENT_INVALID for a part of a share, or fewer than none */
export function wholeShares(quantity: number, port: string): number {
  if (Number.isSafeInteger(quantity) && quantity >= 0) return quantity;
  throw invalidInput(port, `${quantity}`, "whole shares from 0 up");
}

/** @throws ARGUMENT_INVALID for a limit order without a price */
export function orderKindOf(parameters: Parameters, inputs: Inputs): OrderKind {
  if (choiceOf(parameters, "kind") === "market") return { kind: "market" };
  const limitPrice = optionalNumberAt(inputs, "limitPrice") ?? numberOf(parameters, "limitPrice");
  if (limitPrice > 0 && limitPrice < Infinity) return { kind: "limit", limitPrice };
  throw invalidInput("limitPrice", `${limitPrice}`, "a price above 0 for a limit order");
}

/** Orders of a table, all of them checked. @throws ARGUMENT_INVALID naming the row */
export function requestsOf(table: TableValue, context: StepContext): readonly OrderRequest[] {
  const [symbols, sides, quantities] = ["symbol", "side", "quantity"].map((name) => cellsOf(table, name, "orders"));
  const reasons = table.columns.find(({ name }) => name === "reason")?.cells;
  const riskProfile = riskProfileOf(context);
  const seen = new Set<string>();
  return symbols!.map((symbol, row): OrderRequest => {
    const side = sides![row];
    const quantity = quantities![row];
    if (typeof symbol !== "string" || symbol === "")
      throw invalidInput("orders", `no symbol in row ${row}`, "a symbol");
    if (side !== "buy" && side !== "sell") throw invalidInput("orders", `side ${side} in row ${row}`, "buy or sell");
    if (!(Number.isSafeInteger(quantity) && (quantity as number) > 0)) {
      throw invalidInput("orders", `quantity ${quantity} in row ${row}`, "whole shares above 0");
    }
    const name = `${symbol} ${side}`;
    if (seen.has(name)) throw invalidInput("orders", `a second order to ${side} ${symbol} in row ${row}`, "one");
    seen.add(name);
    return {
      symbol,
      side,
      quantity: quantity as number,
      kind: { kind: "market" },
      riskProfile,
      reason: typeof reasons?.[row] === "string" ? reasons[row] : "order of a table",
      requestedAtMs: context.asOfMs,
    };
  });
}
