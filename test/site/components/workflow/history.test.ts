import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changed, newHistory, redone, undone } from "../../../../notebooks/components/workflow/document/history.js";

describe("history of a document", () => {
  it("goes back and forth over any changes without losing one", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 50 }), (values) => {
        const states = values.map((value, index) => ({ value, index }));
        const start = { value: -1, index: -1 };
        let history = states.reduce((before, state) => changed(before, state), newHistory(start));
        for (const state of [...states].reverse()) {
          expect(history.present).toBe(state);
          history = undone(history);
        }
        expect(history.present).toBe(start);
        for (const state of states) {
          history = redone(history);
          expect(history.present).toBe(state);
        }
      }),
    );
  });

  it("takes changes of one name in a row as one step", () => {
    const typed = ["a", "ab", "abc"].reduce((before, text) => changed(before, text, "name"), newHistory(""));
    expect(undone(typed).present).toBe("");
    const between = changed(changed(changed(newHistory(""), "a", "name"), "b", "place"), "c", "name");
    expect(undone(between).present).toBe("b");
  });

  it("forgets the future when something new is done", () => {
    const history = changed(undone(changed(newHistory("a"), "b")), "c");
    expect(redone(history)).toBe(history);
    expect(undone(history).present).toBe("a");
  });

  it("stays as it is at its ends, and when nothing changed", () => {
    const history = newHistory("a");
    expect(undone(history)).toBe(history);
    expect(redone(history)).toBe(history);
    expect(changed(history, "a")).toBe(history);
  });

  it("keeps the last 200 steps", () => {
    let history = newHistory(0);
    for (let value = 1; value <= 500; value++) history = changed(history, value);
    for (let step = 0; step < 500; step++) history = undone(history);
    expect(history.present).toBe(300);
  });
});
