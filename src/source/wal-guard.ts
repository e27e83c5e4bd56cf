import { closeSync, openSync, readSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const LARGE_BYTES = 32 << 20;
const POLL_MS = 2;
const MAX_WAIT_MS = 200;

/** SQLite's documented WAL format. */
const HEADER = { bytes: 32, pageSize: 8, salt: 16 };
const FRAME = { bytes: 24, salt: 8 };
const SALT_BYTES = 8;

/**
 * Keeps our readers from making the WAL grow. SQLite restarts the WAL only while no reader uses it. Next to a fast
 * writer, our consecutive short snapshots left no such gap: the WAL grew by 676 MB in six seconds.
 *
 * So once the WAL is large, reads pause until it has restarted, which takes the writer some milliseconds. Readers of
 * other processes are not waited for.
 */
export class WalGuard {
  readonly #file: string;
  #threshold = LARGE_BYTES;

  constructor(database: string) {
    this.#file = `${database}-wal`;
  }

  /** Call this between two snapshots. */
  async waitForRestart(): Promise<void> {
    if ((statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0) <= this.#threshold) return;
    const size = usedBytes(this.#file);
    if (size <= this.#threshold) {
      if (size < LARGE_BYTES) this.#threshold = LARGE_BYTES;
      return;
    }
    const deadline = performance.now() + MAX_WAIT_MS;
    while (usedBytes(this.#file) >= size) {
      if (performance.now() > deadline) {
        this.#threshold = 2 * size;
        return;
      }
      await delay(POLL_MS);
    }
  }
}

/**
 * Bytes of a WAL since its last restart; the file itself never shrinks. Frames since the restart carry the salt of the
 * header, older frames another one.
 *
 * Only this file may be opened here. Closing the database or the -shm file would drop the locks that SQLite holds on
 * them in this process.
 */
export function usedBytes(file: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    // The last connection has removed it.
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
