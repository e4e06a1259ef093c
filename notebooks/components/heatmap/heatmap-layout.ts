import { type Rectangle, squarifiedTreemap } from "./squarified-treemap.js";

export interface HeatmapLayout {
  /** One per share, index for index. */
  readonly tiles: readonly Rectangle[];
  readonly sectors: readonly { readonly name: string; readonly area: Rectangle; readonly hasLabel: boolean }[];
}

const SECTOR_GAP = 3;
const LABEL_HEIGHT = 17;
const MIN_LABELLED_WIDTH = 48;
const MIN_LABELLED_HEIGHT = 44;

/** Sectors first, by the weight of their shares, then the shares in each; a label strip where there is room. */
export function heatmapLayout(
  shares: readonly { readonly sector: string }[],
  weights: Float64Array,
  width: number,
  height: number,
): HeatmapLayout {
  const members = new Map<string, number[]>();
  shares.forEach(({ sector }, index) => {
    const list = members.get(sector);
    if (list) list.push(index);
    else members.set(sector, [index]);
  });
  const names = [...members.keys()];
  const sectorWeights = names.map((name) => sum(members.get(name) ?? [], weights));
  const areas = squarifiedTreemap(sectorWeights, { x: 0, y: 0, width, height });
  const tiles: Rectangle[] = shares.map(() => ({ x: 0, y: 0, width: 0, height: 0 }));
  const sectors = names.map((name, at) => {
    const area = areas[at] ?? { x: 0, y: 0, width: 0, height: 0 };
    const hasLabel = area.width >= MIN_LABELLED_WIDTH && area.height >= MIN_LABELLED_HEIGHT;
    const indexes = members.get(name) ?? [];
    const inner = inside(area, hasLabel ? LABEL_HEIGHT : 0);
    const pieces = squarifiedTreemap(
      indexes.map((index) => weights[index] ?? 0),
      inner,
    );
    indexes.forEach((index, position) => {
      const piece = pieces[position];
      if (piece) tiles[index] = piece;
    });
    return { name, area, hasLabel };
  });
  return { tiles, sectors };
}

function inside(area: Rectangle, labelHeight: number): Rectangle {
  return {
    x: area.x + SECTOR_GAP / 2,
    y: area.y + SECTOR_GAP / 2 + labelHeight,
    width: Math.max(0, area.width - SECTOR_GAP),
    height: Math.max(0, area.height - SECTOR_GAP - labelHeight),
  };
}

function sum(indexes: readonly number[], weights: Float64Array): number {
  return indexes.reduce((total, index) => total + (weights[index] ?? 0), 0);
}
