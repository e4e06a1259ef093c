import { useEffect, useId, useState } from "npm:react";
import type { JsonValue } from "../../../engine/workflow/json-value.js";
import type { ParameterSpec } from "../../../engine/workflow/node-type.js";

/** Whether a parameter fits on a card. */
export function isInline({ kind }: ParameterSpec): boolean {
  return kind !== "json" && kind !== "sql" && kind !== "template" && kind !== "symbols";
}

interface FieldProps {
  readonly spec: ParameterSpec;
  readonly value: JsonValue | undefined;
  readonly onChange: (value: JsonValue | undefined) => void;
  /** On a card: one line, without help. */
  readonly isInline?: boolean;
  readonly isDisabled?: boolean;
  /** Names that a `variable` may have. */
  readonly variables?: readonly string[];
}

/** The field of one parameter, made from its schema. A number that is being typed is taken over when it is one. */
export function ParameterField({ spec, value, onChange, isInline: isOnCard, isDisabled, variables = [] }: FieldProps) {
  const id = useId();
  const help = `${spec.help}${range(spec)}`;
  return (
    <div className={isOnCard ? "flow-parameter nodrag" : "flow-parameter flow-parameter-wide"}>
      <label htmlFor={id} title={help}>
        {spec.label}
        {spec.unit && <span className="muted"> {spec.unit}</span>}
        {spec.default === undefined && <span title="required"> *</span>}
      </label>
      <Entry {...{ id, spec, value: value ?? spec.default, onChange, variables }} isDisabled={isDisabled ?? false} />
      {!isOnCard && <p className="flow-parameter-help">{help}</p>}
    </div>
  );
}

interface EntryProps {
  readonly id: string;
  readonly spec: ParameterSpec;
  readonly value: JsonValue | undefined;
  readonly onChange: (value: JsonValue | undefined) => void;
  readonly variables: readonly string[];
  readonly isDisabled: boolean;
}

function Entry({ id, spec, value, onChange, variables, isDisabled }: EntryProps) {
  switch (spec.kind) {
    case "boolean":
      return (
        <input
          id={id}
          type="checkbox"
          checked={value === true}
          disabled={isDisabled}
          onChange={({ target }) => onChange(target.checked)}
        />
      );
    case "choice":
      return <Choice {...{ id, value, onChange, isDisabled }} choices={spec.choices} />;
    case "variable":
      return <Choice {...{ id, value, onChange, isDisabled }} choices={variables} />;
    case "number":
    case "integer":
      return (
        <TextEntry
          {...{ id, isDisabled, onChange }}
          value={typeof value === "number" ? String(value) : ""}
          parse={(text) => (text.trim() === "" ? undefined : Number.isFinite(Number(text)) ? Number(text) : null)}
          mode="decimal"
        />
      );
    case "symbols":
      return (
        <TextEntry
          {...{ id, isDisabled, onChange }}
          value={Array.isArray(value) ? value.join(", ") : ""}
          parse={(text) =>
            text
              .split(/[\s,;]+/)
              .filter(Boolean)
              .map((symbol) => symbol.toUpperCase())
          }
          isLong
        />
      );
    case "json":
      return (
        <TextEntry
          {...{ id, isDisabled, onChange }}
          value={value === undefined ? "" : JSON.stringify(value, undefined, 2)}
          parse={parseJson}
          isLong
          isCode
        />
      );
    case "symbol":
      return (
        <TextEntry
          {...{ id, isDisabled, onChange }}
          value={String(value ?? "")}
          parse={(text) => (text.startsWith("$") ? text : text.toUpperCase())}
        />
      );
    default:
      return (
        <TextEntry
          {...{ id, isDisabled, onChange }}
          value={String(value ?? "")}
          parse={(text) => text}
          isLong={spec.kind === "sql" || spec.kind === "template"}
          isCode={spec.kind === "sql" || spec.kind === "expression" || spec.kind === "cron"}
        />
      );
  }
}

function Choice({
  id,
  value,
  choices,
  onChange,
  isDisabled,
}: Omit<EntryProps, "spec" | "variables"> & { readonly choices: readonly string[] }) {
  const text = typeof value === "string" ? value : "";
  const all = choices.includes(text) || text === "" ? choices : [text, ...choices];
  return (
    <select id={id} value={text} disabled={isDisabled} onChange={({ target }) => onChange(target.value)}>
      {text === "" && <option value="">choose</option>}
      {all.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </select>
  );
}

/** `parse` gives null for what is no value yet, such as `-`: it stays in the field and goes no further. */
function TextEntry({
  id,
  value,
  parse,
  onChange,
  isDisabled,
  isLong = false,
  isCode = false,
  mode,
}: {
  readonly id: string;
  readonly value: string;
  readonly parse: (text: string) => JsonValue | undefined;
  readonly onChange: (value: JsonValue | undefined) => void;
  readonly isDisabled: boolean;
  readonly isLong?: boolean;
  readonly isCode?: boolean;
  readonly mode?: "decimal";
}) {
  const [text, setText] = useState(value);
  const [isTyping, setTyping] = useState(false);
  useEffect(() => {
    if (!isTyping) setText(value);
  }, [value, isTyping]);
  const isWrong = parse(text) === null;
  const shared = {
    id,
    value: text,
    disabled: isDisabled,
    spellCheck: false,
    autoComplete: "off",
    className: isCode ? "is-code" : "",
    "aria-invalid": isWrong,
    onFocus: () => setTyping(true),
    onBlur: () => setTyping(false),
    onChange: ({ target }: { target: { value: string } }) => {
      setText(target.value);
      const parsed = parse(target.value);
      if (parsed !== null) onChange(parsed);
    },
  };
  return isLong ? <textarea {...shared} rows={isCode ? 5 : 3} /> : <input {...shared} type="text" inputMode={mode} />;
}

function parseJson(text: string): JsonValue | undefined {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}

function range(spec: ParameterSpec): string {
  if (spec.kind !== "number" && spec.kind !== "integer") return "";
  return ` ${spec.min} to ${spec.max}${spec.kind === "integer" ? ", whole" : ""}.`.replaceAll("-", "−");
}
