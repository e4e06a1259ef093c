/**
 * An amount in major units, from minor ones: 100 cents are a dollar, a dong has no minor unit. ISO 4217's number of
 * digits, as CLDR has it; two for a code that it does not know.
 */
export function majorUnits(minor: number, currency: string): number {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency });
  return minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2);
}
