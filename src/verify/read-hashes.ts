import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Rows: 8 MB. */
const MAX_IN_MEMORY = 1 << 20;
/** 1 GB: where temporary files are in memory, others want some, too. */
const MAX_BYTES = 2 ** 30;
const READ_BYTES = 1 << 20;

/**
 * Which rows were read, by 53 bits of the hash of each. Those of a large table would take more memory than all else,
 * and are asked for once at most: more than a million go into a file. It is removed as soon as it is open, so nothing
 * of it is left, however the process ends.
 */
export class ReadHashes {
  readonly #maxInMemory: number;
  #inMemory: Float64Array[] = [];
  #count = 0;
  #spilled: Spilled | null = null;

  constructor({ maxInMemory = MAX_IN_MEMORY }: { readonly maxInMemory?: number } = {}) {
    this.#maxInMemory = maxInMemory;
  }

  /**
   * "no room" where no file can be made, or written, or it would be too large: then nothing can be said of what was
   * read.
   */
  async add(keys: Float64Array): Promise<"added" | "no room"> {
    this.#inMemory.push(keys);
    this.#count += keys.length;
    if (this.#count <= this.#maxInMemory) return "added";
    try {
      this.#spilled ??= await makeFile();
      if (this.#spilled.size + this.#count * Float64Array.BYTES_PER_ELEMENT > MAX_BYTES) return "no room";
      for (const some of this.#inMemory)
        await append(this.#spilled, new Uint8Array(some.buffer, some.byteOffset, some.byteLength));
    } catch {
      return "no room";
    }
    this.#inMemory = [];
    this.#count = 0;
    return "added";
  }

  /**
   * Removes the rows that were read from a map by these keys. If it removes too few, the sums differ: that is no
   * danger.
   */
  async removeFrom(found: Map<number, unknown>): Promise<void> {
    for (const keys of this.#inMemory) remove(found, keys);
    const { file, size } = this.#spilled ?? NO_FILE;
    const part = new Float64Array(READ_BYTES / Float64Array.BYTES_PER_ELEMENT);
    for (let position = 0; file !== null && position < size && found.size > 0; position += READ_BYTES) {
      const bytes = new Uint8Array(part.buffer, 0, Math.min(READ_BYTES, size - position));
      for (let filled = 0; filled < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, position + filled);
        if (bytesRead === 0) return;
        filled += bytesRead;
      }
      remove(found, part.subarray(0, bytes.length / Float64Array.BYTES_PER_ELEMENT));
    }
  }

  async close(): Promise<void> {
    const spilled = this.#spilled;
    this.#spilled = null;
    if (spilled === null) return;
    // What was found stands, whatever becomes of the file.
    await spilled.file.close().catch(() => {});
    // Where what is open cannot be removed.
    await rm(spilled.directory, { recursive: true, force: true }).catch(() => {});
  }
}

interface Spilled {
  readonly directory: string;
  readonly file: FileHandle;
  size: number;
}

const NO_FILE = { file: null, size: 0 } as const;

async function makeFile(): Promise<Spilled> {
  const directory = await mkdtemp(join(tmpdir(), "changeover-"));
  try {
    return { directory, file: await open(join(directory, "read"), "wx+", 0o600), size: 0 };
  } finally {
    await rm(directory, { recursive: true, force: true }).catch(() => {});
  }
}

async function append(spilled: Spilled, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await spilled.file.write(bytes, done, bytes.length - done, spilled.size);
    done += bytesWritten;
    spilled.size += bytesWritten;
  }
}

function remove(found: Map<number, unknown>, keys: Float64Array): void {
  for (const key of keys) found.delete(key);
}
