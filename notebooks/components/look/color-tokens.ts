/** The colours of `styles/tokens.css` as they are now, for what is drawn on canvas. */
export interface ColorTokens {
  readonly background: string;
  readonly panel: string;
  readonly line: string;
  readonly text: string;
  readonly muted: string;
  readonly gain: string;
  readonly loss: string;
  readonly warning: string;
  readonly information: string;
  readonly accent: string;
  readonly neutral: string;
}

export function colorTokens(): ColorTokens {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    background: token("background"),
    panel: token("panel"),
    line: token("line"),
    text: token("text"),
    muted: token("muted"),
    gain: token("gain"),
    loss: token("loss"),
    warning: token("warning"),
    information: token("information"),
    accent: token("accent"),
    neutral: token("neutral"),
  };
}

/** `#rrggbb` with an opacity, as canvas accepts it. */
export function withOpacity(hex: string, opacity: number): string {
  const alpha = Math.round(Math.min(Math.max(opacity, 0), 1) * 255);
  return hex + alpha.toString(16).padStart(2, "0");
}
