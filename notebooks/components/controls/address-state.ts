/** Reads `name` from a page's query, or the fallback when it is absent or not among the accepted values. */
export function readAddress(
  query: string,
  name: string,
  fallback: string,
  accepts: (value: string) => boolean = () => true,
): string {
  const value = new URLSearchParams(query).get(name);
  return value !== null && accepts(value) ? value : fallback;
}

/** The query with `name` set, or without it when the value is the fallback; other names keep their place. */
export function writeAddress(query: string, name: string, value: string, fallback: string): string {
  const parameters = new URLSearchParams(query);
  if (value === fallback) parameters.delete(name);
  else parameters.set(name, value);
  const text = parameters.toString();
  return text && `?${text}`;
}

/** A control as Framework's `view` takes it: an element with a value that says `input` when it changes. */
export type Control<Value> = HTMLElement & { value: Value };

/**
 * Keeps a control and the page's address equal: a link opened with `?name=…` starts there, and a change is
 * written to the address without a new history entry.
 */
export function inAddress<Value extends string | number | boolean>(
  name: string,
  control: Control<Value>,
  accepts?: (value: string) => boolean,
): Control<Value> {
  const fallback = control.value;
  const text = readAddress(location.search, name, String(fallback), accepts);
  control.value = parseLike(fallback, text);
  control.addEventListener("input", () => {
    const query = writeAddress(location.search, name, String(control.value), String(fallback));
    history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
  });
  return control;
}

function parseLike<Value extends string | number | boolean>(fallback: Value, text: string): Value {
  if (typeof fallback === "number") {
    const value = Number(text);
    return (text.trim() !== "" && Number.isFinite(value) ? value : fallback) as Value;
  }
  if (typeof fallback === "boolean") return (text === "true") as Value;
  return text as Value;
}
