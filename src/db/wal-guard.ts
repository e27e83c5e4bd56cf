import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const LARGE = 32 << 20;
const LOOK_EVERY_MS = 2;
const PATIENCE_MS = 200;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;

/**
 * Keeps our readers from making the WAL grow. SQLite writes it from the start again only at a moment without any reader, and
 * beside a fast writer short snapshots that follow each other leave none: 676 MB in six seconds. So once it is
 * large, we do not read until it was started anew, which takes that writer some milliseconds. What others' readers hold up is
 * not waited for.
 */
export class WalGuard {
  readonly #path: string;
  #mark = LARGE;

  constructor(database: string) {
    this.#path = `${database}-wal`;
  }

  /** To be called between two snapshots. */
  async letRestart(): Promise<void> {
    const size = this.#size();
    if (size <= this.#mark) {
      if (size < LARGE) this.#mark = LARGE;
      return;
    }
    const deadline = performance.now() + PATIENCE_MS;
    while (this.#size() >= size) {
      if (performance.now() > deadline) {
        this.#mark = 2 * size;
        return;
      }
      await delay(LOOK_EVERY_MS);
    }
  }

  /** Bytes of the WAL that are in use; the file itself never shrinks, so one that is small needs no look into it. */
  #size(): number {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    return size < LARGE ? size : usedBytes(this.#path);
  }
}

/**
 * The frames of this round carry the salts of the WAL's header, as SQLite's file format has it; what follows them is left from
 * earlier rounds. The WAL's index in the -shm file would say it at once, but SQLite holds locks on that file, and
 * closing it here would drop them. There are none on the WAL.
 */
function usedBytes(path: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch {
    return 0;
  }
  try {
    const header = Buffer.alloc(FRAME_HEADER);
    const read = (position: number) => readSync(descriptor, header, 0, FRAME_HEADER, position) === FRAME_HEADER;
    if (!read(0)) return 0;
    const frame = header.readUInt32BE(8) + FRAME_HEADER;
    const salts = header.subarray(16, 24).toString("hex");
    const isUsed = (index: number) => read(WAL_HEADER + index * frame) && header.subarray(8, 16).toString("hex") === salts;
    let [used, unused] = [0, Math.floor((fstatSync(descriptor).size - WAL_HEADER) / frame)];
    while (used < unused) {
      const middle = Math.floor((used + unused) / 2);
      if (isUsed(middle)) used = middle + 1;
      else unused = middle;
    }
    return used * frame;
  } finally {
    closeSync(descriptor);
  }
}
