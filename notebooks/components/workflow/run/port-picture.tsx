import type { PortPreview } from "../../../contracts/workflow-api.js";
import { sparklinePath } from "../../table/sparkline-path.js";

const NUMBER = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 6 });

/** What came out of a port, small: a line for a series, first rows of a table, the value itself for the rest. */
export function PortPicture({
  port,
  preview,
  isSmall = false,
}: {
  readonly port: string;
  readonly preview: PortPreview;
  readonly isSmall?: boolean;
}) {
  return (
    <div className={isSmall ? "port-picture is-small" : "port-picture"} data-port={preview.type}>
      <span className="port-picture-name">{port}</span>
      <Body preview={preview} isSmall={isSmall} />
    </div>
  );
}

function Body({ preview, isSmall }: { readonly preview: PortPreview; readonly isSmall: boolean }) {
  switch (preview.type) {
    case "number":
      return <strong>{numberWords(preview.value)}</strong>;
    case "boolean":
      return <strong>{preview.value ? "true" : "false"}</strong>;
    case "text":
      return <span className="port-picture-text">{preview.value}</span>;
    case "signal":
      return (
        <span className={preview.isActive ? "" : "muted"} title={preview.reason}>
          <strong>
            {preview.isActive ? "▲ active" : "△ inactive"}
            {preview.side ? ` · ${preview.side}` : ""}
            {preview.symbol ? ` ${preview.symbol}` : ""}
          </strong>
          {isSmall ? "" : ` ${preview.reason}`}
        </span>
      );
    case "series":
      return <SeriesPicture preview={preview} isSmall={isSmall} />;
    case "table":
      return isSmall ? (
        <span>
          {preview.rowCount.toLocaleString("en-US")} rows × {preview.columns.length}
        </span>
      ) : (
        <TablePicture preview={preview} />
      );
    case "order":
      return (
        <span>
          {preview.count === 0 ? "no order" : ""}
          {preview.orders.slice(0, isSmall ? 2 : 20).map((order) => (
            <span key={order.orderId} className="port-picture-order">
              {order.side} {order.quantity.toLocaleString("en-US")} {order.symbol} {order.state}
              {order.fillPrice === null ? "" : ` at ${numberWords(order.fillPrice)} ${order.currency}`}
            </span>
          ))}
        </span>
      );
  }
}

type Of<Type extends PortPreview["type"]> = Extract<PortPreview, { type: Type }>;

function SeriesPicture({ preview, isSmall }: { readonly preview: Of<"series">; readonly isSmall: boolean }) {
  const values = preview.sample.values.map((value) => value ?? Number.NaN);
  const width = isSmall ? 110 : 260;
  const height = isSmall ? 22 : 64;
  const last = values.findLast(Number.isFinite);
  return (
    <span className="port-picture-series">
      <svg
        width={width}
        height={height}
        viewBox={`0 -1 ${width} ${height + 2}`}
        role="img"
        aria-label={`${preview.length} values`}
      >
        <path d={sparklinePath(values, width, height)} fill="none" stroke="currentColor" strokeWidth={1.25} />
      </svg>
      <span>
        {last === undefined ? "undefined" : numberWords(last)}
        {preview.unit ? ` ${preview.unit}` : ""}
        {isSmall ? "" : ` last of ${preview.length.toLocaleString("en-US")}`}
      </span>
    </span>
  );
}

function TablePicture({ preview }: { readonly preview: Of<"table"> }) {
  return (
    <div className="port-picture-table">
      <table>
        <thead>
          <tr>
            {preview.columns.map((column) => (
              <th key={column}>{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a preview have no name and never move
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={preview.columns[column]} className={typeof cell === "number" ? "number" : ""}>
                  {typeof cell === "number" ? numberWords(cell) : String(cell ?? "")}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted">{preview.rowCount.toLocaleString("en-US")} rows</p>
    </div>
  );
}

function numberWords(value: number | null): string {
  return value === null ? "undefined" : NUMBER.format(value).replace("-", "−");
}
