import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heatmapLayout } from "../../../notebooks/components/heatmap/heatmap-layout.js";
import { type Rectangle, squarifiedTreemap } from "../../../notebooks/components/heatmap/squarified-treemap.js";
import { neighbouringTile, tileAt } from "../../../notebooks/components/heatmap/tile-navigation.js";
import { substitutionNote, tileWeights } from "../../../notebooks/components/heatmap/tile-weights.js";

const area = { x: 0, y: 0, width: 600, height: 400 };
const areaOf = ({ width, height }: Rectangle) => width * height;

describe("squarifiedTreemap(weights, area)", () => {
  it("lays out the example of Bruls, Huizing and van Wijk (2000) with their areas", () => {
    const pieces = squarifiedTreemap([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
    expect(pieces.map((piece) => Math.round(areaOf(piece) * 1e9) / 1e9)).toEqual([6, 6, 4, 3, 2, 2, 1]);
    expect(pieces[0]).toEqual({ x: 0, y: 0, width: 3, height: 2 });
    expect(pieces[1]).toEqual({ x: 0, y: 2, width: 3, height: 2 });
  });
  it("fills the area in proportion to the weights, inside it and without overlap", () => {
    const weights = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(weights, (values) => {
        const pieces = squarifiedTreemap(values, area);
        const total = values.reduce((sum, value) => sum + value, 0);
        pieces.forEach((piece, index) => {
          expect(areaOf(piece)).toBeCloseTo((values[index]! / total) * areaOf(area), 4);
          expect(piece.x + piece.width).toBeLessThanOrEqual(area.width + 1e-6);
          expect(piece.y + piece.height).toBeLessThanOrEqual(area.height + 1e-6);
        });
        expect(pieces.reduce((sum, piece) => sum + areaOf(piece), 0)).toBeCloseTo(areaOf(area), 3);
      }),
    );
  });
  it("gives an empty rectangle to a weight that is zero, negative or missing", () => {
    const pieces = squarifiedTreemap([1, 0, Number.NaN, -3], area);
    expect(pieces.map(areaOf)).toEqual([areaOf(area), 0, 0, 0]);
  });
});

describe("tileWeights(shares, size)", () => {
  const shares = [
    { marketCap: 100, tradedValue: 1 },
    { marketCap: 300, tradedValue: 3 },
    { marketCap: Number.NaN, tradedValue: 2 },
    { marketCap: Number.NaN, tradedValue: Number.NaN },
  ];
  it("puts the traded value of a share without market cap on the scale of caps", () => {
    expect([...tileWeights(shares, "market-cap").weights]).toEqual([100, 300, 200, 100]);
  });
  it("counts what was substituted and what has no measure, and says so", () => {
    const sizes = tileWeights(shares, "market-cap");
    expect(sizes).toMatchObject({ substituted: 1, unmeasured: 1 });
    expect(substitutionNote(sizes, "market-cap")).toBe(
      "1 symbol has no market cap and is sized by traded value; 1 symbol has neither and is drawn smallest",
    );
  });
  it("has nothing to say when every share is measured", () => {
    expect(substitutionNote(tileWeights(shares.slice(0, 2), "market-cap"), "market-cap")).toBe("");
  });
  it("draws all alike when asked to", () => expect([...tileWeights(shares, "equal").weights]).toEqual([1, 1, 1, 1]));
});

describe("heatmapLayout(shares, weights, width, height)", () => {
  it("keeps every share inside its sector", () => {
    const shares = Array.from({ length: 40 }, (_, i) => ({ sector: `sector ${i % 5}` }));
    const { tiles, sectors } = heatmapLayout(
      shares,
      Float64Array.from(shares, (_, i) => i + 1),
      900,
      500,
    );
    shares.forEach(({ sector }, index) => {
      const { area: own } = sectors.find(({ name }) => name === sector)!;
      const tile = tiles[index]!;
      expect(tile.x).toBeGreaterThanOrEqual(own.x);
      expect(tile.y + tile.height).toBeLessThanOrEqual(own.y + own.height + 1e-6);
    });
  });
});

describe("neighbouringTile(tiles, from, direction) and tileAt(tiles, x, y)", () => {
  const square = (column: number, row: number) => ({ x: column * 10, y: row * 10, width: 10, height: 10 });
  const tiles = [square(0, 0), square(1, 0), square(0, 1), square(1, 1)];

  it("moves to the tile beside, and back", () => {
    expect(neighbouringTile(tiles, 0, "right")).toBe(1);
    expect(neighbouringTile(tiles, 0, "down")).toBe(2);
    expect(neighbouringTile(tiles, 3, "left")).toBe(2);
    expect(neighbouringTile(tiles, 3, "up")).toBe(1);
  });
  it("stays where nothing lies in that direction", () => expect(neighbouringTile(tiles, 0, "left")).toBe(0));
  it("finds the tile under a point", () => {
    expect(tileAt(tiles, 15, 5)).toBe(1);
    expect(tileAt(tiles, 25, 5)).toBe(-1);
  });
});
