/**
 * An indicator fed row by row. It gives for each row what the batch form gives at that index, to the last bit,
 * because the batch form is this one run over the array.
 *
 * A row without a value (`NaN`) gives `NaN` and is otherwise as if it were not there: the next row continues from
 * the last defined one, and windows count defined rows.
 */
export interface StreamingIndicator<Input = number, Output = number> {
  next(input: Input): Output;
}

/** The batch form of an indicator with one input and one output. */
export function runOver(indicator: StreamingIndicator, values: Float64Array): Float64Array {
  return values.map((value) => indicator.next(value));
}
