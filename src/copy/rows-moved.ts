import { readSchemaVersion } from "../source/schema-version.ts";
import type { Source } from "../source/source.ts";

/** VACUUM may have given rows other rowids: the place that a reading by rowids has reached says nothing any more. */
export class RowsMoved extends Error {}

/** Reads in snapshots of one schema version; null: of any. Throws {@link RowsMoved} once it is another. */
export async function unlessMoved<T>(
  source: Source,
  version: number | null,
  read: (snapshot: Pick<Source, "kind" | "read">) => Promise<T | null>,
): Promise<T | null> {
  if (version === null) return read(source);
  let hasMoved = false;
  const result = await read({
    kind: source.kind,
    read: (work) =>
      source.read(async (tx) => {
        const asked = readSchemaVersion(tx);
        // At a server both go in one round trip, and what was read is dropped where the rows have moved.
        const found = source.kind === "file" ? null : work(tx);
        found?.catch(() => {});
        hasMoved = (await asked) !== version;
        return hasMoved ? (null as Awaited<ReturnType<typeof work>>) : (found ?? work(tx));
      }),
  });
  // Not from within, where any error would be taken for the source's.
  if (hasMoved) throw new RowsMoved();
  return result;
}
