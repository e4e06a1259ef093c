/** Headers by which a page learns what serves it: a host of files has neither. */
export const COMPANION_HEADERS = {
  /** Of every answer of a workbench: the answer's number, as in the log. */
  requestId: "X-Request-Id",
  /** Of every answer of a workbench that has the stream at `LIVE_PATH`: the version of its protocol. */
  stream: "X-QuantFlow-Stream",
} as const;
