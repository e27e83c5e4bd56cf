import { readCatalogueOfSource } from "../../follow/read-catalogue-of-source.ts";
import type { Run } from "../../model/run.ts";
import type { CapturedCatalogue } from "../../model/schema-change.ts";
import { readSchemaVersion } from "../../source/schema-version.ts";
import { setFollowed } from "../../target/store/run-store.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Context } from "../context.ts";

/** A run that does not know the catalogue that it captured learns it, while the source still has it. */
export async function keepCatalogue(context: Context, session: TargetSession, run: Run): Promise<void> {
  if (run.sourceCatalogue !== null || run.sourceSchema === null) return;
  const catalogue = await catalogueAt(context, run.sourceSchema.version);
  if (catalogue !== null) await setFollowed(session, run.id, { catalogue, held: run.held });
}

/** The source's catalogue, if its schema is still of that version; null if it has moved on. */
export async function catalogueAt(context: Context, version: number): Promise<CapturedCatalogue | null> {
  return context.source.read(async (tx) =>
    (await readSchemaVersion(tx)) === version ? readCatalogueOfSource(tx) : null,
  );
}
