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
        // Together, which at a server is one round trip.
        const [now, result] = await Promise.all([readSchemaVersion(tx), work(tx)]);
        hasMoved = now !== version;
        return hasMoved ? (null as typeof result) : result;
      }),
  });
  // Not from within, where any error would be taken for the source's.
  if (hasMoved) throw new RowsMoved();
  return result;
}
