/** `+`, `−`, or `±` for a direction that can go either way. */
export function signText({ sign }: { readonly sign: -1 | 0 | 1 }): string {
  if (sign === 0) return "±";
  return sign > 0 ? "+" : "−";
}
