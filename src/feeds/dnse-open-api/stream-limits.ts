/** Times of the protocol, in milliseconds. */
export interface StreamLimits {
  readonly handshakeMs: number;
  /** How long the server's welcome is awaited before signing in without it. */
  readonly welcomeMs: number;
  readonly authenticationMs: number;
  /** How long acknowledgements are awaited after the last subscription was sent. */
  readonly acknowledgementMs: number;
  readonly pingEveryMs: number;
  /** A connection is given up before the server ends it, which it does after eight hours. */
  readonly lifeMs: number;
  /** How long the other side has to answer a closing handshake. */
  readonly closingMs: number;
  readonly longestFrameBytes: number;
}

export const STREAM_LIMITS: StreamLimits = {
  handshakeMs: 10_000,
  welcomeMs: 3_000,
  authenticationMs: 10_000,
  acknowledgementMs: 10_000,
  pingEveryMs: 25_000,
  lifeMs: 7.75 * 3_600_000,
  closingMs: 1_000,
  longestFrameBytes: 4 * 1024 * 1024,
};
