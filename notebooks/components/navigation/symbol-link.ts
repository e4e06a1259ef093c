/**
 * Address of a symbol's page, relative to the page at `pathname`. The ending is always written, because file
 * servers take the part after the dot of `DCE.I` for a file type and would not look for `DCE.I.html`.
 */
export function symbolHref(symbol: string, pathname: string = location.pathname): string {
  const isBesideSymbols = /\/symbols\/[^/]*$/.test(pathname);
  return `${isBesideSymbols ? "./" : "./symbols/"}${encodeURIComponent(symbol)}.html`;
}
