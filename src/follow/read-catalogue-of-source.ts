import { readSchema } from "../inspect/read-schema.ts";
import type { CapturedCatalogue, TablePlace } from "../model/schema-change.ts";
import type { SourceReader } from "../source/source.ts";
import { decodeText, readEncoding } from "../source/source-text.ts";
import { sql } from "../sql.ts";

/** The source's catalogue as it is now, in the caller's snapshot. */
export async function readCatalogueOfSource(tx: SourceReader): Promise<CapturedCatalogue> {
  const encoding = await readEncoding(tx);
  const rows = await tx.rows(sql("source/table-places"));
  const places = rows.map(([name, rootPage, id]): [string, TablePlace] => [
    decodeText(name, encoding),
    { rootPage: Number(rootPage), captureId: id == null ? null : Number(id) },
  ]);
  return { schema: await readSchema(tx), places: Object.fromEntries(places) };
}
