import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { WorkbenchError } from "../../engine/errors.js";
import { fileError } from "./file-error.js";

const CHUNK_BYTES = 256 * 1024;

export interface ReadBytesOptions {
  readonly gzip: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes of the file on disk (compressed ones of a gzip file) read so far. */
  readonly onBytesRead?: ((bytesRead: number) => void) | undefined;
}

/**
 * The bytes of a file in order, gunzipped when asked to.
 * @throws FILE_NOT_FOUND, FILE_IS_FOLDER, FILE_UNREADABLE, CANCELLED, and FILE_TRUNCATED at the end of a gzip
 * stream that was cut: whoever takes chunks before must be ready to discard them.
 */
export async function* readBytes(
  path: string,
  { gzip, signal, onBytesRead }: ReadBytesOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  throwIfCancelled(signal);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const content = gzip ? file.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : file;
  if (content !== file) file.once("error", (error) => content.destroy(error));
  try {
    for await (const chunk of content) {
      throwIfCancelled(signal);
      onBytesRead?.(file.bytesRead);
      yield chunk as Uint8Array;
    }
    onBytesRead?.(file.bytesRead);
  } catch (error) {
    throw fileError(path, error);
  } finally {
    content.destroy();
    file.destroy();
  }
}

/** @throws CANCELLED when the signal was aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new WorkbenchError("CANCELLED", "reading was cancelled", { cause: signal.reason });
}
