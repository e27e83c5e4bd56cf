import { openSync, readSync, statSync } from "node:fs";
import { endianness } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

const LARGE = 32 << 20;
const LOOK_EVERY_MS = 2;
const PATIENCE_MS = 200;
const FRAME_HEADER = 24;

/**
 * Keeps our readers from making the WAL grow. SQLite writes it from the start again only at a moment without any reader, and
 * beside a fast writer short snapshots that follow each other leave none: 676 MB in six seconds. So once it is
 * large, we do not read until it was started anew, which takes that writer some milliseconds. What others' readers hold up is
 * not waited for.
 */
export class WalGuard {
  readonly #index: string;
  #mark = LARGE;

  constructor(database: string) {
    this.#index = `${database}-shm`;
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

  /**
   * Bytes of the WAL that are in use; the file itself never shrinks. From the WAL index, whose header is part of SQLite's
   * documented file formats: page size and number of frames, in the machine's own byte order.
   */
  #size(): number {
    const header = Buffer.alloc(20);
    try {
      if (readSync(descriptorOf(this.#index), header, 0, header.length, 0) < header.length) return 0;
    } catch {
      // There is none: no WAL is in use.
      return 0;
    }
    const little = endianness() === "LE";
    const page = little ? header.readUInt16LE(14) : header.readUInt16BE(14);
    const frames = little ? header.readUInt32LE(16) : header.readUInt32BE(16);
    return frames * ((page === 1 ? 65_536 : page) + FRAME_HEADER);
  }
}

const descriptors = new Map<string, number>();

/**
 * A descriptor of the index, which is never closed: closing it would take away all locks that this process holds on that file,
 * SQLite's own among them (POSIX). One a file and process.
 */
function descriptorOf(index: string): number {
  const { dev, ino } = statSync(index, { bigint: true });
  const file = `${dev} ${ino}`;
  const descriptor = descriptors.get(file) ?? openSync(index, "r");
  descriptors.set(file, descriptor);
  return descriptor;
}
