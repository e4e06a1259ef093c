/** A number or text of a study that is not the same the second time. */
export interface StudyDifference {
  /** Path in the JSON of the study, such as `lags.3.pearson`. */
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What says which study it is and who made it, rather than what was found. */
const CIRCUMSTANCES: ReadonlySet<string> = new Set(["studyId", "watermark", "codeVersion"]);

/** Every value of two results that is not the same to the last bit; what differs in form counts as one. */
export function compareStudies(before: object, after: object): readonly StudyDifference[] {
  return [...differences("", before, after)];
}

function* differences(path: string, before: unknown, after: unknown): Generator<StudyDifference> {
  if (Object.is(before, after) || before === after) return;
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after)) {
    yield { field: path, before, after };
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (CIRCUMSTANCES.has(key)) continue;
    yield* differences(path === "" ? key : `${path}.${key}`, before[key], after[key]);
  }
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
