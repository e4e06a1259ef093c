import { describe, expect, it } from "vitest";
import { filesMatching, readText } from "./repository.js";

/** Variables of the operating system and of libraries, which the workbench passes on. */
const NOT_OURS = new Set(["CI", "HOME", "NODE_ENV", "OBSERVABLE_TELEMETRY_DISABLE", "PATH", "TMPDIR", "TZ"]);

const READS = [
  /\bprocess\.env(?:\.|\[")([A-Z][A-Z0-9_]*)/g,
  /\benvironment\.([A-Z][A-Z0-9_]*)/g,
  /\bconst [A-Z_]+_VARIABLE = "([A-Z][A-Z0-9_]*)"/g,
];
/** A key of a schema that an environment is parsed with. */
const SCHEMA_KEY = /^ {2}([A-Z][A-Z0-9_]*): /gm;

const sources = filesMatching(
  "{src,data-loaders,bench}/**/*.{ts,js}",
  "test/!(docs)/**/*.ts",
  "bin/*.js",
  "*.config.ts",
);

function variablesRead(): string[] {
  const names = sources.flatMap((path) => {
    const patterns = path.endsWith("-settings.ts") ? [...READS, SCHEMA_KEY] : READS;
    return patterns.flatMap((pattern) => Array.from(readText(path).matchAll(pattern), ([, name]) => name!));
  });
  return [...new Set(names)].filter((name) => !NOT_OURS.has(name)).sort();
}

describe(".env.example", () => {
  const lines = readText(".env.example").split("\n");
  const named = lines.flatMap((line) => /^#?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1] ?? []);

  it("names every variable the code reads, and no other", () => {
    expect([...named].sort()).toEqual(variablesRead());
  });

  it("sets nothing as it stands", () => {
    expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
  });
});
