const MINUS = "\u2212";
const UNDEFINED_MARK = "–";
const COMPACT_STEPS = [
  { from: 1e12, suffix: "tn" },
  { from: 1e9, suffix: "bn" },
  { from: 1e6, suffix: "M" },
  { from: 1e3, suffix: "k" },
] as const;
const CURRENCY_SIGNS: Readonly<Record<string, string>> = { VND: "₫", USD: "$", CNY: "CN¥", EUR: "€", JPY: "¥" };

/** `12,345.60`, with a real minus; `–` where there is no number. */
export function formatNumber(value: number, decimals = 2): string {
  if (!Number.isFinite(value)) return UNDEFINED_MARK;
  const text = Math.abs(value).toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return isNegativeAsShown(value, decimals) ? MINUS + text : text;
}

/** `+0.12` or `−0.12`; a value that rounds to zero has no sign. */
export function formatSigned(value: number, decimals = 2): string {
  const text = formatNumber(value, decimals);
  return Number.isFinite(value) && Number(value.toFixed(decimals)) > 0 ? `+${text}` : text;
}

/** A fraction as a change: 0.0123 is `+1.23%`, −0.004 is `−0.40%`. */
export function formatChange(fraction: number, decimals = 2): string {
  return Number.isFinite(fraction) ? `${formatSigned(fraction * 100, decimals)}%` : UNDEFINED_MARK;
}

/** A fraction as a share: 0.5 is `50%`. */
export function formatShare(fraction: number, decimals = 0): string {
  return Number.isFinite(fraction) ? `${formatNumber(fraction * 100, decimals)}%` : UNDEFINED_MARK;
}

/** `12.5k`, `3.1M`, `1.2bn`, `4tn`: three significant digits at most, for axes and tight columns. */
export function formatCompact(value: number): string {
  if (!Number.isFinite(value)) return UNDEFINED_MARK;
  const magnitude = Math.abs(value);
  const step = COMPACT_STEPS.find(({ from }) => magnitude >= from * 0.9995);
  const scaled = magnitude / (step?.from ?? 1);
  const text = scaled.toLocaleString("en-US", { maximumSignificantDigits: Math.max(3, integerDigits(scaled)) });
  return (value < 0 && text !== "0" ? MINUS : "") + text + (step?.suffix ?? "");
}

/** Compact with its currency: `1.2tn ₫`, `35.4bn $`. Unknown currencies keep their code; `XXX` means none. */
export function formatMoney(value: number, currency: string): string {
  const text = formatCompact(value);
  if (text === UNDEFINED_MARK || currency === "XXX") return text;
  return `${text} ${CURRENCY_SIGNS[currency] ?? currency}`;
}

/** A price with the decimals its size and currency call for: `28,350` VND, `1,736.68` points, `0.4512`. */
export function formatPrice(value: number, currency: string): string {
  if (currency === "VND" && Math.abs(value) >= 1000) return formatNumber(value, 0);
  const magnitude = Math.abs(value);
  return formatNumber(value, magnitude >= 1 || magnitude === 0 ? 2 : 4);
}

/** `▲`, `▼` or `•`: the direction as a shape, so that colour never stands alone. */
export function directionMark(change: number): string {
  if (!(Math.abs(change) > 0)) return "•";
  return change > 0 ? "▲" : "▼";
}

/** `gain`, `loss` or `flat`, the class that colours a change. */
export function directionClass(change: number): "gain" | "loss" | "flat" {
  if (!(Math.abs(change) > 0)) return "flat";
  return change > 0 ? "gain" : "loss";
}

function isNegativeAsShown(value: number, decimals: number): boolean {
  return Number(value.toFixed(Math.min(decimals, 100))) < 0;
}

function integerDigits(value: number): number {
  return value < 1 ? 1 : Math.floor(Math.log10(value)) + 1;
}
