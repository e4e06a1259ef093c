import { element } from "../element.js";
import type { ExportColumns } from "../frame/csv-export.js";
import { morph } from "../live/morph.js";
import { foldText } from "../navigation/palette-ranking.js";
import { type CellValue, rowOrder, type SortDirection } from "./row-order.js";

export interface TableColumn<Row> {
  readonly key: string;
  readonly label: string;
  readonly kind: "symbol" | "text" | "prose" | "number" | "picture" | "badge";
  /** What is sorted and searched. */
  readonly value: (row: Row) => CellValue;
  /** What is shown, when it is not the value itself. */
  readonly show?: (row: Row) => string | Node;
  readonly className?: (row: Row) => string;
  /** What a download writes, when it is not the value itself. */
  readonly exported?: (row: Row) => CellValue;
  /** Left out on phones, where the first columns must be in sight. */
  readonly isSecondary?: boolean;
  /** Searched and written to downloads, but not shown: for what would push the rest out of sight. */
  readonly isHidden?: boolean;
  /** What the column means, on hover. */
  readonly hint?: string;
}

interface TableOptions<Row> {
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  /** What the rows are, for readers who cannot see the title above. */
  readonly caption: string;
  readonly sort: { readonly key: string; readonly direction: SortDirection };
  /** What one row is, for the count and the search field: `instrument`. */
  readonly noun: string;
  /** When it is not the noun with an s. */
  readonly plural?: string;
  readonly height?: number;
  readonly isSearchable?: boolean;
  /** What makes a row the same row after it changed; needed for `update`. */
  readonly identity?: (row: Row) => string;
}

/** A table whose rows can change in place. */
export type SortableTable<Row> = HTMLElement & {
  /**
   * Shows rows in the place of those with the same identity. They are put in order again soon after, but not under the
   * reader's pointer or focus.
   */
  update(changed: readonly Row[]): void;
};

const RESORT_MS = 2_000;

/** Rows are put in the page in blocks of this size, as the reader scrolls. */
const BLOCK = 120;

/** A dense table: sticky header, sort by any column, search over the text columns, rows added while scrolling. */
export function sortableTable<Row>({
  columns: allColumns,
  rows: initialRows,
  caption,
  sort: initialSort,
  noun,
  plural = `${noun}s`,
  height = 560,
  isSearchable = true,
  identity,
}: TableOptions<Row>): SortableTable<Row> {
  const rows = [...initialRows];
  const places = new Map(identity ? rows.map((row, index) => [identity(row), index]) : []);
  const shownRows = new Map<number, HTMLElement>();
  const columns = allColumns.filter(({ isHidden }) => !isHidden);
  const searchTexts = rows.map((row) =>
    foldText(
      allColumns
        .filter(({ kind }) => kind !== "number")
        .map((column) => column.value(row) ?? "")
        .join(" "),
    ),
  );
  let sort = initialSort;
  let query = "";
  let order: number[] = [];
  let shown = 0;
  let isResortAsked = false;

  const body = element("tbody");
  const headings = columns.map((column) => heading(column));
  const frame = element(
    "div",
    { class: "table-frame", style: `--table-height:${height}px`, tabindex: "0", role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", { class: "visually-hidden" }, caption),
      element("thead", {}, element("tr", {}, headings)),
      body,
    ),
  );
  const count = element("span", { class: "table-count", "aria-live": "polite" });
  const search = element("input", {
    type: "search",
    placeholder: `Find ${noun}`,
    "aria-label": `Find ${noun}`,
    oninput: () => {
      query = foldText(search.value.trim());
      arrange();
    },
  });
  frame.addEventListener("scroll", () => {
    if (frame.scrollTop + frame.clientHeight > frame.scrollHeight - 400) showMore();
  });
  arrange();
  const table = element("div", {}, isSearchable && element("div", { class: "table-tools" }, search, count), frame);
  return Object.assign(table, { update });

  function update(changed: readonly Row[]): void {
    for (const row of changed) {
      const index = identity && places.get(identity(row));
      if (index === undefined) continue;
      rows[index] = row;
      const shownRow = shownRows.get(index);
      if (shownRow) morph(shownRow, tableRow(columns, row));
    }
    if (changed.length > 0) resortSoon();
  }

  function resortSoon(): void {
    if (isResortAsked) return;
    isResortAsked = true;
    setTimeout(() => {
      isResortAsked = false;
      if (!table.isConnected) return;
      if (frame.matches(":hover, :focus-within")) resortSoon();
      else keepSorted();
    }, RESORT_MS);
  }

  function keepSorted(): void {
    const sorted = sortedOrder();
    if (sorted.every((index, place) => index === order[place])) return;
    order = sorted;
    const kept = new Map(shownRows);
    shownRows.clear();
    for (const index of order.slice(0, shown)) {
      shownRows.set(index, kept.get(index) ?? tableRow(columns, rows[index] as Row));
    }
    body.replaceChildren(...shownRows.values());
  }

  /** Indexes of the rows that are searched for, in the order that the heading says. */
  function sortedOrder(): number[] {
    const column = columns.find(({ key }) => key === sort.key);
    const all = rowOrder(
      rows.map((row) => column?.value(row)),
      sort.direction,
    );
    return query === "" ? all : all.filter((index) => searchTexts[index]?.includes(query));
  }

  function heading(column: TableColumn<Row>): HTMLElement {
    const content =
      column.kind === "picture"
        ? column.label
        : element("button", { type: "button", title: column.hint, onclick: () => sortBy(column) }, column.label);
    return element("th", { scope: "col", class: columnClass(column) }, content);
  }

  function sortBy(column: TableColumn<Row>): void {
    const first: SortDirection = column.kind === "number" ? "descending" : "ascending";
    const other: SortDirection = first === "ascending" ? "descending" : "ascending";
    sort = { key: column.key, direction: sort.key === column.key && sort.direction === first ? other : first };
    arrange();
  }

  function arrange(): void {
    order = sortedOrder();
    columns.forEach(({ key }, index) => {
      headings[index]?.setAttribute("aria-sort", key === sort.key ? sort.direction : "none");
    });
    count.textContent = countLine(order.length, rows.length, rows.length === 1 ? noun : plural);
    shown = 0;
    body.replaceChildren();
    shownRows.clear();
    frame.scrollTop = 0;
    if (order.length === 0) {
      const text = rows.length === 0 ? `No ${plural}` : `No ${noun} matches “${search.value.trim()}”`;
      body.append(element("tr", {}, element("td", { colspan: columns.length, class: "table-none" }, text)));
    }
    showMore();
  }

  function showMore(): void {
    const block = order.slice(shown, shown + BLOCK);
    shown += block.length;
    for (const index of block) shownRows.set(index, tableRow(columns, rows[index] as Row));
    body.append(...block.flatMap((index) => shownRows.get(index) ?? []));
  }
}

function tableRow<Row>(columns: readonly TableColumn<Row>[], row: Row): HTMLElement {
  return element(
    "tr",
    {},
    columns.map((column) => {
      const content = column.show?.(row) ?? String(column.value(row) ?? "");
      const name = `${columnClass(column)} ${column.className?.(row) ?? ""}`.trim();
      return column.kind === "symbol"
        ? element("th", { scope: "row", class: name }, content)
        : element(
            "td",
            { class: name, title: column.kind === "text" ? String(column.value(row) ?? "") : null },
            content,
          );
    }),
  );
}

function columnClass<Row>({ kind, isSecondary }: TableColumn<Row>): string {
  return isSecondary ? `column-${kind} column-secondary` : `column-${kind}`;
}

function countLine(matching: number, all: number, noun: string): string {
  const total = all.toLocaleString("en-US");
  return matching === all ? `${total} ${noun}` : `${matching.toLocaleString("en-US")} of ${total} ${noun}`;
}

/** The rows as named columns for a download; pictures are left out. */
export function exportedColumns<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): ExportColumns {
  const written = columns.filter(({ kind }) => kind !== "picture");
  return Object.fromEntries(written.map((column) => [column.key, rows.map(column.exported ?? column.value)]));
}
