type Triple = readonly [number, number, number];

export interface DivergingEnds {
  readonly loss: string;
  readonly neutral: string;
  readonly gain: string;
}

/**
 * Colour of `value` on a scale symmetric about zero: `loss` at −limit, `neutral` at 0, `gain` at +limit,
 * straight lines in OKLab between (B. Ottosson, 2020), so equal steps look equal. Values beyond the limit keep
 * the end's colour; `NaN` is `neutral`. Colours are `#rrggbb`.
 */
export function divergingColor(value: number, limit: number, { loss, neutral, gain }: DivergingEnds): string {
  if (!Number.isFinite(value) || !(limit > 0)) return neutral;
  const share = Math.min(Math.abs(value) / limit, 1);
  const from = toOklab(neutral);
  const to = toOklab(value < 0 ? loss : gain);
  return fromOklab([mix(from[0], to[0], share), mix(from[1], to[1], share), mix(from[2], to[2], share)]);
}

/** Whichever of the two text colours has the higher contrast on `background`; black or white always have 4.5 (WCAG 2.2). */
export function readableTextOn(background: string, dark = "#000000", light = "#ffffff"): string {
  return contrastRatio(background, dark) >= contrastRatio(background, light) ? dark : light;
}

/** Contrast ratio of two `#rrggbb` colours, 1 to 21, by WCAG 2.2. */
export function contrastRatio(first: string, second: string): number {
  const [brighter, darker] = [luminance(first), luminance(second)].sort((a, b) => b - a) as [number, number];
  return (brighter + 0.05) / (darker + 0.05);
}

/**
 * A limit for a set of changes: the smallest of the given steps that holds nine in ten of them,
 * so that one outlier does not bleach the rest.
 */
export function symmetricLimit(changes: Iterable<number>, steps: readonly number[]): number {
  const sizes = Array.from(changes, Math.abs)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const typical = sizes[Math.floor(sizes.length * 0.9)] ?? 0;
  return steps.find((step) => step >= typical) ?? steps.at(-1) ?? 1;
}

function luminance(hex: string): number {
  const [red, green, blue] = toLinear(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function toLinear(hex: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function toOklab(hex: string): Triple {
  const [red, green, blue] = toLinear(hex);
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Triple): string {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return `#${[
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
    .map(toChannel)
    .join("")}`;
}

function toChannel(linear: number): string {
  const value = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(Math.max(value, 0), 1) * 255)
    .toString(16)
    .padStart(2, "0");
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
