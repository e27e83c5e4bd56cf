/** More than most pages and their encoded rows take. Larger buffers are seldom needed, and not reused. */
const MAX_REUSED = 8 << 20;

/**
 * Two buffers in turns: one page is made while the one before it is on its way. New memory for each page, 4.5 MB for
 * one of 300 columns, has to be given by the system, 4 kB at a time, and collected.
 */
export class PageBuffers {
  #current = new Uint8Array(0);
  #other = new Uint8Array(0);

  /** The page before the last is no longer needed. */
  turn(): void {
    [this.#current, this.#other] = [this.#other, this.#current];
  }

  /** So many bytes at least, with anything in them: for the page that is made now. */
  take(bytes: number): Uint8Array {
    if (bytes > MAX_REUSED) return Buffer.allocUnsafeSlow(bytes);
    // Pages differ a little: the next one shall not need a larger one again.
    if (this.#current.length < bytes)
      this.#current = Buffer.allocUnsafeSlow(Math.min(MAX_REUSED, Math.ceil(bytes * 1.25)));
    return this.#current;
  }
}
