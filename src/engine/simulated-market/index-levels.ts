import { roundToHundredth } from "./index-candles.js";

/** Levels of one minute of an index: one every five seconds. */
export const LEVELS_PER_MINUTE = 12;

/** Noise between open and close, as a part of the candle's range. */
const NOISE_SHARE = 0.3;

export interface MinuteOfIndex {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Levels of a minute in order, in hundredths of a point, that aggregate to its candle exactly. */
export function indexMinuteLevels({ open, high, low, close }: MinuteOfIndex, random: () => number): number[] {
  const last = LEVELS_PER_MINUTE - 1;
  const values = Array.from({ length: LEVELS_PER_MINUTE }, (_, level) => {
    if (level === 0) return open;
    if (level === last) return close;
    const onTheWay = open + ((close - open) * level) / last;
    const noise = NOISE_SHARE * (high - low) * (2 * random() - 1);
    return Math.min(high, Math.max(low, roundToHundredth(onTheWay + noise)));
  });
  const inner = 1 + Math.floor((last - 2) * random());
  if (!values.includes(high)) values[inner] = high;
  if (!values.includes(low)) values[values.indexOf(high) === inner + 1 ? inner : inner + 1] = low;
  return values;
}
