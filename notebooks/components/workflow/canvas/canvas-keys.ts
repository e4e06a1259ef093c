/** What keys do on the canvas. Keys pressed in a field belong to the field. */
export interface CanvasKeys {
  readonly undo: () => void;
  readonly redo: () => void;
  readonly copy: () => void;
  readonly cut: () => void;
  readonly paste: () => void;
  readonly duplicate: () => void;
  readonly selectAll: () => void;
  readonly group: () => void;
  readonly layout: () => void;
  readonly fit: () => void;
  readonly search: () => void;
  readonly run: () => void;
  readonly dryRun: () => void;
}

const WITH_CONTROL: Readonly<Record<string, keyof CanvasKeys>> = {
  z: "undo",
  y: "redo",
  c: "copy",
  x: "cut",
  v: "paste",
  d: "duplicate",
  a: "selectAll",
  g: "group",
  enter: "run",
};
const WITH_CONTROL_AND_SHIFT: Readonly<Record<string, keyof CanvasKeys>> = { z: "redo", enter: "dryRun" };
const ALONE: Readonly<Record<string, keyof CanvasKeys>> = { l: "layout", f: "fit", n: "search" };

/** Which of the canvas's actions a key press asks for. */
export function keyAction({
  key,
  ctrlKey,
  metaKey,
  shiftKey,
  altKey,
}: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">): keyof CanvasKeys | undefined {
  if (altKey) return undefined;
  const name = key.toLowerCase();
  if (!ctrlKey && !metaKey) return shiftKey ? undefined : lookUp(ALONE, name);
  return lookUp(shiftKey ? WITH_CONTROL_AND_SHIFT : WITH_CONTROL, name);
}

function lookUp(keys: Readonly<Record<string, keyof CanvasKeys>>, name: string): keyof CanvasKeys | undefined {
  return Object.hasOwn(keys, name) ? keys[name] : undefined;
}

export function isInField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
