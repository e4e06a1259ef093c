/**
 * Fills the buffer with the rows of a tree, ascending: each row with probability `share`, as XGBoost's `subsample`.
 * A share of 1 takes all and draws nothing; when chance takes none, it takes one.
 */
export function sampleRows(buffer: Uint32Array, share: number, random: () => number): Uint32Array {
  let taken = 0;
  for (let row = 0; row < buffer.length; row++) if (share === 1 || random() < share) buffer[taken++] = row;
  if (taken === 0) buffer[taken++] = Math.floor(random() * buffer.length);
  return buffer.subarray(0, taken);
}

/** The columns of a tree, ascending: ⌊share · count⌋ of them but at least one, as XGBoost's `colsample_bytree`. */
export function sampleColumns(count: number, share: number, random: () => number): Uint32Array {
  const columns = Uint32Array.from({ length: count }, (_, column) => column);
  if (share === 1) return columns;
  const wanted = Math.max(1, Math.floor(share * count));
  for (let i = 0; i < wanted; i++) {
    const other = i + Math.floor(random() * (count - i));
    [columns[i], columns[other]] = [columns[other]!, columns[i]!];
  }
  return columns.slice(0, wanted).sort();
}
