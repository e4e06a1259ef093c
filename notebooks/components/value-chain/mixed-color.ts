/** `#rrggbb` of `share` of the first colour and the rest of the second, both `#rrggbb`, mixed as screens do. */
export function mixedColor(first: string, second: string, share: number): string {
  const channel = (at: number) => {
    const [a, b] = [first, second].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number];
    return Math.round(a * share + b * (1 - share))
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
