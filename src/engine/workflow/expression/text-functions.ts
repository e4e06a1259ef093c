import type { ExpressionFunction } from "./expression-function.js";
import { type ExpressionValue, textOf } from "./expression-value.js";

export const TEXT_FUNCTIONS: readonly ExpressionFunction[] = [
  onText("upper(t)", "in capitals", (text) => text.toUpperCase()),
  onText("lower(t)", "in small letters", (text) => text.toLowerCase()),
  onText("trim(t)", "without blanks around it", (text) => text.trim()),
  onText("contains(t, part)", "whether the part is in it", (text, part) => text.includes(part!)),
  onText("starts(t, part)", "whether it begins with the part", (text, part) => text.startsWith(part!)),
  onText("ends(t, part)", "whether it ends with the part", (text, part) => text.endsWith(part!)),
  {
    name: "len",
    form: "len(x)",
    gives: "how many characters (UTF-16 units) a text has, or places a series",
    fewest: 1,
    most: 1,
    apply: ([value]) => (typeof value === "object" ? value.length : textOf(value!, "len").length),
  },
  {
    name: "text",
    form: "text(x)",
    gives: "a number or truth in words, of a series the last: up to 10 digits, `n/a` where undefined",
    fewest: 1,
    most: 1,
    apply: ([value]) => formatValue(value!),
  },
];

/** A value as templates print it: at most 10 significant digits, of a series the last, `n/a` where undefined. */
export function formatValue(value: ExpressionValue): string {
  if (typeof value === "object") return formatValue(value.at(-1) ?? NaN);
  if (typeof value !== "number") return String(value);
  return Number.isNaN(value) ? "n/a" : String(Number(value.toPrecision(10)));
}

function onText(
  form: string,
  gives: string,
  apply: (...texts: [string, ...string[]]) => ExpressionValue,
): ExpressionFunction {
  const [name, parameters] = form.slice(0, -1).split("(") as [string, string];
  const arity = parameters.split(", ").length;
  return {
    name,
    form,
    gives,
    fewest: arity,
    most: arity,
    apply: (values) => apply(...(values.map((value) => textOf(value, name)) as [string, ...string[]])),
  };
}
