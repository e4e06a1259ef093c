/** Named columns of equal length, as a figure's data download. */
export type ExportColumns = Readonly<Record<string, ArrayLike<string | number | null | undefined>>>;

/**
 * CSV by RFC 4180 with a header row: fields with a comma, a quote or a line break are quoted; `NaN`, `null`
 * and `undefined` are empty. Text that a spreadsheet would take for a formula is kept as text by a leading quote mark.
 */
export function toCsv(columns: ExportColumns): string {
  const names = Object.keys(columns);
  const length = Math.max(0, ...names.map((name) => columns[name]?.length ?? 0));
  const lines = [names.map(csvField).join(",")];
  for (let row = 0; row < length; row++) lines.push(names.map((name) => csvField(columns[name]?.[row])).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

/** Offers bytes to the reader as a file. */
export function downloadFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function csvField(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isNaN(value) ? "" : String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
