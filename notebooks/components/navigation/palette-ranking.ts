export interface PaletteEntry {
  readonly kind: "page" | "symbol" | "command";
  readonly label: string;
  readonly detail: string;
  readonly run: () => void;
}

/** Kinds in the order in which equal matches are listed. */
const KIND_ORDER: Readonly<Record<PaletteEntry["kind"], number>> = { page: 0, symbol: 1, command: 2 };

/** Lower case without Vietnamese or other diacritics, so that `hoa phat` finds `Hòa Phát`. */
export function foldText(text: string): string {
  return text
    .normalize("NFD")
    .replaceAll(/\p{Diacritic}/gu, "")
    .replaceAll(/[đĐ]/g, "d")
    .toLowerCase();
}

/**
 * The entries that match `query`, best first: the label itself, a label that begins with it, a word that begins
 * with it, then any text that holds it. An empty query lists pages and commands.
 */
export function rankEntries<Entry extends Pick<PaletteEntry, "kind" | "label" | "detail">>(
  entries: readonly Entry[],
  query: string,
  limit = 50,
): Entry[] {
  const wanted = foldText(query.trim());
  if (wanted === "") return entries.filter(({ kind }) => kind !== "symbol").slice(0, limit);
  return entries
    .map((entry) => ({ entry, score: matchScore(entry, wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || KIND_ORDER[a.entry.kind] - KIND_ORDER[b.entry.kind])
    .slice(0, limit)
    .map(({ entry }) => entry);
}

function matchScore({ label, detail }: Pick<PaletteEntry, "label" | "detail">, wanted: string): number {
  const name = foldText(label);
  if (name === wanted) return 5;
  if (name.startsWith(wanted)) return 4;
  const words = `${name} ${foldText(detail)}`;
  if (words.split(/\s+/).some((word) => word.startsWith(wanted))) return 3;
  return words.includes(wanted) ? 2 : 0;
}
