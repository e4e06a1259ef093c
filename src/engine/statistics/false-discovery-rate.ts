/**
 * Benjamini and Hochberg's (1995) adjusted p-values: the smallest false discovery rate at which a test of the family
 * is declared. Aligned with the input. `NaN` is no test: it stays `NaN` and does not count.
 */
export function benjaminiHochberg(pValues: Float64Array): Float64Array {
  const tested = Array.from(pValues.keys()).filter((i) => !Number.isNaN(pValues[i]!));
  tested.sort((a, b) => pValues[b]! - pValues[a]!);
  const adjusted = new Float64Array(pValues.length).fill(NaN);
  let smallest = 1;
  tested.forEach((index, place) => {
    const rank = tested.length - place;
    smallest = Math.min(smallest, pValues[index]! * (tested.length / rank));
    adjusted[index] = smallest;
  });
  return adjusted;
}
