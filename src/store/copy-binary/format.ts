/**
 * PostgreSQL's binary COPY format: a signature, tuples (an int16 field count, then each field as an int32
 * length and its bytes, length -1 for NULL) and an int16 of -1.
 * See the PostgreSQL manual, "COPY", section "Binary Format".
 */
export const COPY_SIGNATURE = new Uint8Array([0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00]);

/** Signature, flags (int32) and length of the header extension (int32). */
export const COPY_HEADER_BYTES = COPY_SIGNATURE.length + 8;

/** 2000-01-01T00:00:00Z, from which PostgreSQL counts microseconds and days. */
export const POSTGRES_EPOCH_MS = 946_684_800_000;
export const POSTGRES_EPOCH_DAYS = 10_957;
