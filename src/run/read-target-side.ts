import { ownMigrationsTables, readToolTables } from "../contract/tool-tables.ts";
import { readCatalogue } from "../inspect/read-catalogue.ts";
import type { TargetCatalogue } from "../model/catalogue.ts";
import type { TargetMigrationsTable } from "../model/migration-tool.ts";
import { loadRun } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";

/** The target before a run looks at it: its tables, and the books that other tools keep there. */
export interface TargetSide {
  readonly target: TargetCatalogue;
  readonly migrationsTables: readonly TargetMigrationsTable[];
}

export async function readTargetSide(session: TargetSession): Promise<TargetSide> {
  const run = await loadRun(session);
  return {
    target: await readCatalogue(session),
    migrationsTables: ownMigrationsTables(await readToolTables(session), run?.mappings ?? []),
  };
}
