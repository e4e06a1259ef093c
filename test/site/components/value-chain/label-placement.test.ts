import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LabelledNode, placeLabels } from "../../../../notebooks/components/value-chain/label-placement.js";

const SCREEN = { lineHeight: 14, width: 300, height: 200 };
const node = (x: number, y: number): LabelledNode => ({ x, y, radius: 5, width: 40 });

describe("placeLabels(nodes, { lineHeight, width, height })", () => {
  it("writes a name to the right of its node", () => {
    expect(placeLabels([node(100, 100)], SCREEN)).toEqual([{ node: 0, x: 109, y: 100 }]);
  });

  it("writes it to the left at the right rim, and below where both sides are taken", () => {
    expect(placeLabels([node(290, 100)], SCREEN)).toEqual([{ node: 0, x: 241, y: 100 }]);
    const between = placeLabels([node(100, 100), node(125, 100), node(75, 100)], SCREEN);
    expect(between.find((label) => label.node === 0)).toEqual({ node: 0, x: 80, y: 113 });
  });

  it("leaves out nodes that are not on the screen", () => {
    expect(placeLabels([node(-50, 100), node(100, 900)], SCREEN)).toEqual([]);
  });

  it("never covers another name or a node, and gives the first its name before the others", () => {
    const point = fc.record({
      x: fc.double({ min: 0, max: 300, noNaN: true }),
      y: fc.double({ min: 0, max: 200, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 60 }), (points) => {
        const nodes = points.map(({ x, y }) => node(x, y));
        const boxes = placeLabels(nodes, SCREEN).map(({ x, y }) => ({
          left: x,
          right: x + 40,
          top: y - 7,
          bottom: y + 7,
        }));
        const dots = nodes.map(({ x, y }) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }));
        boxes.forEach((box, index) => {
          for (const other of [...boxes.slice(index + 1), ...dots]) {
            const apart =
              box.right <= other.left || other.right <= box.left || box.bottom <= other.top || other.bottom <= box.top;
            expect(apart).toBe(true);
          }
        });
      }),
    );
  });
});
