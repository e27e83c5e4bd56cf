import { closeSync, openSync, readSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const LARGE = 32 << 20;
const LOOK_EVERY_MS = 2;
const PATIENCE_MS = 200;

/** Of SQLite's documented format of the WAL. */
const HEADER = { bytes: 32, pageSize: 8, salt: 16 };
const FRAME = { bytes: 24, salt: 8 };
const SALT_BYTES = 8;

/**
 * Keeps our readers from making the WAL grow. SQLite writes it from the start again only at a moment without any reader, and
 * beside a fast writer short snapshots that follow each other leave none: 676 MB in six seconds. So once it is
 * large, we do not read until it was started anew, which takes that writer some milliseconds. What others' readers hold up is
 * not waited for.
 */
export class WalGuard {
  readonly #file: string;
  #mark = LARGE;

  constructor(database: string) {
    this.#file = `${database}-wal`;
  }

  /** To be called between two snapshots. */
  async letRestart(): Promise<void> {
    if ((statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0) <= this.#mark) return;
    const size = usedBytes(this.#file);
    if (size <= this.#mark) {
      if (size < LARGE) this.#mark = LARGE;
      return;
    }
    const deadline = performance.now() + PATIENCE_MS;
    while (usedBytes(this.#file) >= size) {
      if (performance.now() > deadline) {
        this.#mark = 2 * size;
        return;
      }
      await delay(LOOK_EVERY_MS);
    }
  }
}

/**
 * Bytes of a WAL since it was last started anew; the file itself does not shrink. Frames of this round bear the header's
 * salt, those after them an older one. Only this file may be opened to look: closing the database or the -shm file
 * would drop the locks that SQLite holds on them in this process.
 */
export function usedBytes(file: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    // Gone with the last connection.
    return 0;
  }
  try {
    const header = read(descriptor, 0, HEADER.bytes);
    if (header === null) return 0;
    const step = FRAME.bytes + header.readUInt32BE(HEADER.pageSize);
    const salt = header.subarray(HEADER.salt, HEADER.salt + SALT_BYTES);
    const isOfThisRound = (frame: number) =>
      read(descriptor, HEADER.bytes + frame * step + FRAME.salt, SALT_BYTES)?.equals(salt) === true;
    let low = 0;
    let high = Math.ceil((statSync(file, { throwIfNoEntry: false })?.size ?? 0) / step);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isOfThisRound(middle)) low = middle + 1;
      else high = middle;
    }
    return low * step;
  } finally {
    closeSync(descriptor);
  }
}

function read(descriptor: number, position: number, length: number): Buffer | null {
  const bytes = Buffer.alloc(length);
  return readSync(descriptor, bytes, 0, length, position) < length ? null : bytes;
}
