import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSource, type Source } from "./source.ts";
import type { SourceEncoding } from "./source-text.ts";

/** A database without tables in a directory of its own, as source; and what removes both. */
export async function scratchSource(
  encoding: SourceEncoding,
): Promise<{ readonly source: Source; readonly remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "changeover-scratch-"));
  const path = join(directory, "scratch.db");
  await writeFile(path, emptyDatabase(encoding));
  const source = openSource({ url: path });
  return {
    source,
    async remove() {
      source.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const PAGE_SIZE = 4_096;
const ENCODINGS = { "UTF-8": 1, "UTF-16le": 2, "UTF-16be": 3 };

/** The one page of a database without tables: https://sqlite.org/fileformat2.html#the_database_header */
function emptyDatabase(encoding: SourceEncoding): Buffer {
  const page = Buffer.alloc(PAGE_SIZE);
  page.write("SQLite format 3\0", "latin1");
  page.writeUInt16BE(PAGE_SIZE, 16);
  page.set([1, 1, 0, 64, 32, 32], 18);
  page.writeUInt32BE(1, 24);
  page.writeUInt32BE(1, 28);
  // Format of the schema: 4, that of all SQLites since 3.3.
  page.writeUInt32BE(4, 44);
  page.writeUInt32BE(ENCODINGS[encoding], 56);
  page.writeUInt32BE(1, 92);
  page.writeUInt32BE(3_045_001, 96);
  // An empty leaf of the schema's table.
  page.writeUInt8(13, 100);
  page.writeUInt16BE(PAGE_SIZE, 105);
  return page;
}
