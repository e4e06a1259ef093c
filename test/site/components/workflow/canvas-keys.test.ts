import { describe, expect, it } from "vitest";
import { keyAction } from "../../../../notebooks/components/workflow/canvas/canvas-keys.js";

const NO_MODIFIER = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

describe("keys of the canvas", () => {
  it.each([
    ["z", { ctrlKey: true }, "undo"],
    ["Z", { ctrlKey: true, shiftKey: true }, "redo"],
    ["y", { ctrlKey: true }, "redo"],
    ["z", { metaKey: true }, "undo"],
    ["Enter", { ctrlKey: true }, "run"],
    ["Enter", { ctrlKey: true, shiftKey: true }, "dryRun"],
    ["l", {}, "layout"],
    ["n", {}, "search"],
  ])("%s with %o", (key, modifiers, action) => {
    expect(keyAction({ ...NO_MODIFIER, ...modifiers, key })).toBe(action);
  });

  it.each([
    ["z", {}],
    ["c", { ctrlKey: true, shiftKey: true }],
    ["l", { altKey: true }],
    ["constructor", {}],
  ])("leaves %s with %o to the browser", (key, modifiers) => {
    expect(keyAction({ ...NO_MODIFIER, ...modifiers, key })).toBeUndefined();
  });
});
