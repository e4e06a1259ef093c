import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freePlace, placeBeside } from "../../../../notebooks/components/workflow/document/free-place.js";
import { node, smallWorkflow } from "./small-workflow.js";

const SIZE = { width: 200, height: 110 };
const sizeOf = () => SIZE;

describe("freePlace(definition, wanted, parentId, sizeOf, size)", () => {
  it("is the place that is wanted when nothing stands there", () => {
    expect(freePlace(smallWorkflow(), { x: 2_000, y: 0 }, undefined, sizeOf, SIZE)).toEqual({ x: 2_000, y: 0 });
  });

  it("covers no other node, wherever these stand", () => {
    const place = fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 30 }), place, (places, wanted) => {
        const nodes = places.map(({ x, y }, index) => node(`n${index}`, "indicator.sma", x, y));
        const free = freePlace({ ...smallWorkflow(), nodes }, wanted, undefined, sizeOf, SIZE);
        expect(free.x).toBe(wanted.x);
        expect(free.y).toBeGreaterThanOrEqual(wanted.y);
        for (const { position } of nodes) {
          const covers = Math.abs(position.x - free.x) < SIZE.width && Math.abs(position.y - free.y) < SIZE.height;
          expect(covers).toBe(false);
        }
      }),
    );
  });

  it("heeds only what stands in the same container", () => {
    const nodes = [
      node("loop", "loop.universe", 0, 0),
      node("in", "indicator.sma", 0, 0, { parentId: "loop" as never }),
    ];
    const definition = { ...smallWorkflow(), nodes };
    expect(freePlace(definition, { x: 0, y: 0 }, "loop", sizeOf, SIZE)).toEqual({ x: 0, y: 134 });
    expect(freePlace(definition, { x: 300, y: 0 }, undefined, sizeOf, SIZE)).toEqual({ x: 300, y: 0 });
  });
});

describe("placeBeside(definition, node, sizeOf, size)", () => {
  it("is right of the node, and below what stands there", () => {
    const definition = smallWorkflow();
    const [, candles] = definition.nodes;
    expect(placeBeside(definition, candles as never, sizeOf, SIZE)).toEqual({ x: 516, y: 294 });
  });
});
