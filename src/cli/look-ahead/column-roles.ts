import { InvalidArgumentError } from "commander";
import { WorkbenchError } from "../../engine/errors.js";

/** What a person says of the columns of a file. */
export interface NamedRoles {
  readonly target: string;
  /** `undefined` takes a column `time`, when there is one. */
  readonly time: string | undefined;
  /** The column with the times at which a feature was known, by the feature's name. */
  readonly knownAt: ReadonlyMap<string, string>;
}

export interface ColumnRoles extends NamedRoles {
  readonly features: readonly string[];
}

const USUAL_TIME = "time";
const SHOWN_NAMES = 20;

/** Adds `feature=column` to those of earlier options of the same name. */
export function collectKnownAt(
  text: string,
  earlier: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const at = text.indexOf("=");
  const [feature, column] = [text.slice(0, Math.max(at, 0)).trim(), text.slice(at + 1).trim()];
  if (feature === "" || column === "") {
    throw new InvalidArgumentError(`invalid value: ${text} (accepted: feature=column, such as close=published)`);
  }
  if (earlier.has(feature)) throw new InvalidArgumentError(`${feature} twice (accepted: each feature once)`);
  return new Map([...earlier, [feature, column]]);
}

/** The role of every column; those without another are features. @throws ARGUMENT_INVALID, FILE_HEADER_INVALID */
export function rolesIn(names: readonly string[], named: NamedRoles, label: string): ColumnRoles {
  const { target, knownAt } = named;
  const time = named.time ?? names.find((name) => name === USUAL_TIME && name !== target);
  requireColumn("--target", target, names, label);
  if (time !== undefined) requireColumn("--time", time, names, label);
  if (time === target) throw invalid(`--time: ${time} is the target (accepted: another column)`);
  if (knownAt.size > 0 && time === undefined) {
    throw invalid("--known-at: the rows have no time to compare with (accepted: beside --time)");
  }
  for (const [feature, column] of knownAt) {
    requireColumn("--known-at", feature, names, label);
    requireColumn("--known-at", column, names, label);
  }
  const others = new Set([target, time, ...knownAt.values()]);
  const features = names.filter((name) => !others.has(name));
  const notFeature = [...knownAt.keys()].find((feature) => others.has(feature));
  if (notFeature !== undefined) throw invalid(`--known-at: ${notFeature} is no feature (accepted: feature=column)`);
  if (knownAt.size > 0 && [...knownAt.values()].includes(target)) {
    throw invalid(`--known-at: ${target} is the target (accepted: a column of times)`);
  }
  if (features.length > 0) return { target, time, knownAt, features };
  throw new WorkbenchError(
    "FILE_HEADER_INVALID",
    `invalid header of ${label}: no column beside target and times (accepted: at least one feature)`,
    { details: { label, names } },
  );
}

function requireColumn(option: string, name: string, names: readonly string[], label: string): void {
  if (names.includes(name)) return;
  const more = names.length > SHOWN_NAMES ? `, … ${names.length - SHOWN_NAMES} more` : "";
  throw invalid(
    `${option}: ${name} (accepted: a column of ${label}: ${names.slice(0, SHOWN_NAMES).join(", ")}${more})`,
  );
}

function invalid(problem: string): WorkbenchError {
  return new WorkbenchError("ARGUMENT_INVALID", `invalid ${problem}`);
}
