import type { ReferenceKind } from "./site-references.js";

export interface HtmlReferences {
  readonly references: readonly { readonly kind: ReferenceKind; readonly target: string }[];
  /** Inline scripts and style sheets, to be read by their own languages' rules. */
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
}

const SCRIPT = /<script\b([^>]*)>([\s\S]*?)<\/script>/gi;
const STYLE = /<style\b[^>]*>([\s\S]*?)<\/style>/gi;
const COMMENT = /<!--[\s\S]*?-->/g;
const TAG = /<([a-z][\w-]*)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;
const ATTRIBUTE = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;

const ADDRESS_ATTRIBUTES: ReadonlySet<string> = new Set(["src", "href", "xlink:href", "poster", "data", "srcset"]);

/** What a page refers to: elements that load a file, anchors, and the text of its inline scripts and styles. */
export function htmlReferences(html: string): HtmlReferences {
  const scripts: string[] = [];
  const styles: string[] = [];
  const references: { kind: ReferenceKind; target: string }[] = [];
  const markup = html
    .replace(SCRIPT, (_, attributes: string, body: string) => {
      if (body.trim() !== "" && !/type\s*=\s*["']?(?:application|text)\/(?!javascript)/i.test(attributes)) {
        scripts.push(body);
      }
      return `<script ${attributes}>`;
    })
    .replace(STYLE, (_, body: string) => {
      styles.push(body);
      return "";
    })
    .replace(COMMENT, "");
  for (const [, tag = "", attributes = ""] of markup.matchAll(TAG)) {
    for (const [, rawName = "", ...values] of attributes.matchAll(ATTRIBUTE)) {
      const name = rawName.toLowerCase();
      const value = decodeEntities(values.find((each) => each !== undefined) ?? "");
      if (name === "style") styles.push(`x{${value}}`);
      if (!ADDRESS_ATTRIBUTES.has(name) || value === "") continue;
      const kind = /^(a|area)$/i.test(tag) ? "link" : "element";
      for (const target of name === "srcset" ? srcsetTargets(value) : [value]) references.push({ kind, target });
    }
  }
  return { references, scripts, styles };
}

function srcsetTargets(srcset: string): string[] {
  return srcset.split(",").map((candidate) => candidate.trim().split(/\s+/)[0] ?? "");
}

function decodeEntities(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
