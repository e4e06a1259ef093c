/** Up to where a page has seen the stream, for the moment after it was cut off. */
export class ResumePosition {
  #epoch: string | undefined;
  #sequence = 0;

  /** Takes note of what a frame carried. A frame of another epoch begins anew; an older one changes nothing. */
  note(epoch: string, sequence: number): void {
    if (epoch !== this.#epoch) this.#sequence = 0;
    this.#epoch = epoch;
    this.#sequence = Math.max(this.#sequence, sequence);
  }

  /** What to ask the server to go on from; `undefined` before the first frame. */
  get from(): { readonly epoch: string; readonly sequence: number } | undefined {
    return this.#epoch === undefined ? undefined : { epoch: this.#epoch, sequence: this.#sequence };
  }

  forget(): void {
    this.#epoch = undefined;
    this.#sequence = 0;
  }
}
