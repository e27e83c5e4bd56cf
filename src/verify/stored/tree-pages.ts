import type { SourceReader } from "../../source/source.ts";
import { sql } from "../../sql.ts";

/** Pages of the file, one behind the other; null if not all of them are there. */
export async function readTreePages(tx: SourceReader, pages: readonly number[]): Promise<Uint8Array | null> {
  const [[bytes, count] = []] = await tx.rows(sql("source/tree-pages"), [`[${pages.join(",")}]`]);
  return bytes instanceof ArrayBuffer && Number(count) === pages.length ? new Uint8Array(bytes) : null;
}
