export const THEMES = ["dark", "light"] as const;
export type Theme = (typeof THEMES)[number];

export const GAIN_LOSS_PALETTES = ["teal-vermilion", "green-red", "red-green"] as const;
export type GainLossPalette = (typeof GAIN_LOSS_PALETTES)[number];

export const GAIN_LOSS_LABELS: Readonly<Record<GainLossPalette, string>> = {
  "teal-vermilion": "teal up, vermilion down",
  "green-red": "green up, red down",
  "red-green": "red up, green down",
};

const CHANGE_EVENT = "appearance-change";

export function currentTheme(): Theme {
  return document.documentElement.dataset.theme === "light" ? "light" : "dark";
}

export function currentPalette(): GainLossPalette {
  const stored = document.documentElement.dataset.palette;
  return GAIN_LOSS_PALETTES.find((palette) => palette === stored) ?? "teal-vermilion";
}

export function setTheme(theme: Theme): void {
  remember("theme", theme);
}

export function setPalette(palette: GainLossPalette): void {
  remember("palette", palette);
}

/** Brings back what the reader chose last time; needed only where the head's own script did not run. */
export function restoreAppearance(): void {
  for (const name of ["theme", "palette"]) {
    const stored = readStored(name);
    if (stored) document.documentElement.dataset[name] = stored;
  }
}

/** Calls `listener` after each change of theme or palette, for figures drawn on canvas. Returns the way to stop. */
export function onAppearanceChange(listener: () => void): () => void {
  addEventListener(CHANGE_EVENT, listener);
  return () => removeEventListener(CHANGE_EVENT, listener);
}

function remember(name: "theme" | "palette", value: string): void {
  document.documentElement.dataset[name] = value;
  try {
    localStorage.setItem(`quantflow.${name}`, value);
  } catch {
    // Private windows may refuse storage; the choice then holds for this page only.
  }
  dispatchEvent(new Event(CHANGE_EVENT));
}

function readStored(name: string): string | null {
  try {
    return localStorage.getItem(`quantflow.${name}`);
  } catch {
    return null;
  }
}
