import type { ValueChainAnswer, ValueChainChanged, ValueChainChangeRequest } from "../../contracts/value-chain.js";
import { findCompanion } from "../live/companion.js";

const ADDRESS = "/api/value-chain";

export type ChangeOutcome =
  | { readonly kind: "done"; readonly changed: ValueChainChanged }
  /** Somebody else wrote the element meanwhile. */
  | { readonly kind: "conflict"; readonly message: string }
  | { readonly kind: "refused"; readonly message: string; readonly code: string }
  | { readonly kind: "unreachable" };

/** The graph as the workbench that serves this page has it now; `undefined` on a host of files alone. */
export async function askCompanion(): Promise<ValueChainAnswer | undefined> {
  try {
    if ((await findCompanion()) === "file-host") return undefined;
    const answer = await fetch(ADDRESS);
    return answer.ok ? ((await answer.json()) as ValueChainAnswer) : undefined;
  } catch {
    return undefined;
  }
}

/** Sends one edit of a graph that was seen at a revision. */
export function sendChange(
  expectedRevision: number,
  change: ValueChainChangeRequest["change"],
): Promise<ChangeOutcome> {
  return post(`${ADDRESS}/changes`, { expectedRevision, change });
}

/** Takes the last change back; the revision must be the last one. */
export function undoLastChange(expectedRevision: number): Promise<ChangeOutcome> {
  return post(`${ADDRESS}/undo`, { expectedRevision });
}

async function post(address: string, body: object): Promise<ChangeOutcome> {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.ok) return { kind: "done", changed: (await answer.json()) as ValueChainChanged };
    const { error } = (await answer.json()) as { error: { code: string; message: string } };
    if (error.code === "VALUE_CHAIN_CONFLICT") return { kind: "conflict", message: error.message };
    return { kind: "refused", message: error.message, code: error.code };
  } catch {
    return { kind: "unreachable" };
  }
}
