const FLASH_MS = 400;

/** Lets a number that changed flash once. One that flashes already is left alone. */
export function flash(element: Element): void {
  if (element.classList.contains("flash")) return;
  element.classList.add("flash");
  setTimeout(() => element.classList.remove("flash"), FLASH_MS);
}

/** Writes a text where it differs from what is there, and lets it flash then, but not the first time. */
export function showText(element: Element, text: string): boolean {
  if (element.textContent === text) return false;
  const isFirst = element.textContent === "";
  element.textContent = text;
  if (!isFirst) flash(element);
  return true;
}
