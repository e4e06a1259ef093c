/** What the workbench says of a form: to each field its own complaint, the rest to the form as a whole. */
export interface Complaints {
  readonly byField: ReadonlyMap<string, string>;
  readonly other: string;
}

/**
 * Parts a refusal such as `invalid value chain, 1 problem: edge a--b: invalid sign: 2 (accepted: -1, 0 or 1)` or
 * `invalid request: change.edge.source: too long` by the fields of the form that it names.
 */
export function fieldComplaints(message: string, fields: readonly string[]): Complaints {
  const byField = new Map<string, string>();
  const other: string[] = [];
  for (const part of message.split("; ")) {
    const field = fields.find((name) => new RegExp(`\\binvalid ${name}: |\\.${name}: `).test(part));
    const before = field === undefined ? undefined : byField.get(field);
    if (field === undefined) other.push(part);
    else byField.set(field, [before, complaint(part, field)].filter(Boolean).join("; "));
  }
  return { byField, other: other.join("; ") };
}

function complaint(part: string, field: string): string {
  const stated = part.slice(part.lastIndexOf(`${field}: `) + field.length + 2);
  const accepted = /\(accepted: (.*)\)$/.exec(stated);
  return accepted ? `accepted: ${accepted[1]}` : stated;
}
