/** Who listens to a channel that is not of the market. */
export interface ChannelListener {
  /** Whether it has room; what comes in the meantime is kept for it. */
  hasRoom(): boolean;
  send(message: object): void;
}

/** Channels of the stream beside those of the market. */
export interface ChannelSource {
  /** Whether a channel is one of these. */
  has(channel: string): boolean;
  /** Sends what the channel brings until the function it returns is called. */
  listen(channel: string, listener: ChannelListener): () => void;
  close(): Promise<void>;
}
