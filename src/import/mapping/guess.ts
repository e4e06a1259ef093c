/** A decision about a file, with its reason. */
export interface Guess<Value> {
  readonly value: Value;
  /** One sentence for the person who checks the mapping. */
  readonly because: string;
}
