import type { Database } from "../../store/database.js";
import { type EditedValueChain, type EditFacts, editValueChain } from "./edit-value-chain.js";
import { type ImportMode, type ValueChainFile, valueChainWithFile } from "./value-chain-file.js";

/** Stores what a file says as one revision, or nothing. @throws VALUE_CHAIN_INVALID, VALUE_CHAIN_CONFLICT */
export function importValueChain(
  database: Database,
  file: ValueChainFile,
  { mode, ...facts }: EditFacts & { readonly mode: ImportMode },
): Promise<EditedValueChain> {
  return database.transaction((session) =>
    editValueChain(session, { kind: "import", ...facts }, ({ chain }) => valueChainWithFile(chain, file, mode)),
  );
}
