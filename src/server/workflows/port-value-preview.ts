import type { PortPreview } from "../../contracts/workflow-api.js";
import type { PortValue, SeriesValue, TableCell } from "../../engine/workflow/port-value.js";

const SAMPLED_POINTS = 64;
const SHOWN_ROWS = 5;
const SHOWN_COLUMNS = 20;
const SHOWN_ORDERS = 10;
const SHOWN_CHARACTERS = 500;

/** What a value looks like, in a few hundred bytes, whatever its size. */
export function previewPortValue({ type, value }: PortValue): PortPreview {
  switch (type) {
    case "number":
      return { type, value: known(value) };
    case "boolean":
      return { type, value };
    case "text":
      return { type, value: shown(value), length: value.length };
    case "signal": {
      const { isActive, side, symbol, strength, reason } = value;
      return {
        type,
        isActive,
        side: side ?? null,
        symbol: symbol ?? null,
        strength: strength === undefined ? null : known(strength),
        reason: shown(reason),
      };
    }
    case "series": {
      const { timesMs, symbol, unit } = value;
      return { type, length: timesMs.length, symbol: symbol ?? null, unit: unit ?? null, sample: sampleOf(value) };
    }
    case "table": {
      const columns = value.columns.slice(0, SHOWN_COLUMNS);
      const rows = Array.from({ length: Math.min(value.rowCount, SHOWN_ROWS) }, (_, row) =>
        columns.map(({ cells }) => shownCell(cells[row] ?? null)),
      );
      return { type, rowCount: value.rowCount, columns: value.columns.map(({ name }) => name), rows };
    }
    case "order": {
      const orders = value.slice(0, SHOWN_ORDERS).map((report) => {
        const { orderId, symbol, side, quantity, state, fillPrice, currency } = report;
        return { orderId, symbol, side, quantity, state, fillPrice: known(fillPrice ?? Number.NaN), currency };
      });
      return { type, count: value.length, orders };
    }
  }
}

/** The first point, the last, and evenly between. */
function sampleOf({ timesMs, values }: SeriesValue) {
  const count = Math.min(timesMs.length, SAMPLED_POINTS);
  const step = count > 1 ? (timesMs.length - 1) / (count - 1) : 0;
  const places = Array.from({ length: count }, (_, i) => Math.round(i * step));
  return { timesMs: places.map((place) => timesMs[place]!), values: places.map((place) => known(values[place]!)) };
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function shown(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function shownCell(cell: TableCell): TableCell {
  if (typeof cell === "number") return known(cell);
  return typeof cell === "string" ? shown(cell) : cell;
}
