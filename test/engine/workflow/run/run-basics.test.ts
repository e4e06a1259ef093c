import { describe, expect, it } from "vitest";
import { inShort, runSketch } from "./sample-run.js";

describe("executeRun(options)", () => {
  it("runs a chain from its trigger to its end", async () => {
    const { journal, state } = await runSketch({
      nodes: { start: { type: "start" }, a: { type: "add" }, b: { type: "add", parameters: { plus: 10 } } },
      edges: ["start.value > a.values", "a.sum > b.values"],
    });
    expect(inShort(journal.events)).toEqual([
      "run-started",
      "step-started start",
      "step-succeeded start",
      "step-started a",
      "step-succeeded a",
      "step-started b",
      "step-succeeded b",
      "run-finished succeeded",
    ]);
    expect(state.status).toBe("succeeded");
    expect(state.steps.get("b")).toMatchObject({ kind: "succeeded", result: { outputs: { sum: { value: 12 } } } });
  });
});
