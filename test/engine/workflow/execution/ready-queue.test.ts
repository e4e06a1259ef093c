import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReadyQueue } from "../../../../src/engine/workflow/execution/ready-queue.js";

describe("ReadyQueue", () => {
  it("gives the least of what is in it, however pushes and pops alternate", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(50))), (actions) => {
        const queue = new ReadyQueue();
        let model: number[] = [];
        for (const pushed of actions) {
          if (pushed === null) {
            model = model.sort((a, b) => a - b);
            expect(queue.pop()).toBe(model.shift());
          } else {
            queue.push(pushed);
            model.push(pushed);
          }
          expect(queue.size).toBe(model.length);
        }
      }),
    );
  });
});
