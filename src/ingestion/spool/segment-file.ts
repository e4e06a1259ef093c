import { open } from "node:fs/promises";

/** The file that a spool appends to: what can fail when a disk is full. */
export interface SegmentFile {
  /** Appends all bytes, or throws with some of them written. */
  append(bytes: Uint8Array): Promise<void>;
  /** Cuts the file. */
  truncate(length: number): Promise<void>;
  /** Resolves when the bytes are on the disk, whatever happens to the power. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Makes the file; it must not be there. */
export async function createSegmentFile(path: string): Promise<SegmentFile> {
  const file = await open(path, "ax", 0o600);
  return {
    append: async (bytes) => {
      for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
    },
    truncate: (length) => file.truncate(length),
    sync: () => file.datasync(),
    close: () => file.close(),
  };
}
