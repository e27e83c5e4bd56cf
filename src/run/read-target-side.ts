import { ownMigrationsTables, readToolTables } from "../contract/tool-tables.ts";
import { readCatalogue } from "../inspect/read-catalogue.ts";
import type { TargetCatalogue } from "../model/catalogue.ts";
import type { TargetMigrationsTable } from "../model/migration-tool.ts";
import type { Rules } from "../model/rules.ts";
import { loadRun } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";
import { keepsSeeded, tablesWithRows } from "./seeded/kept-tables.ts";

/** The target before a run looks at it: its tables, and the books that other tools keep there. */
export interface TargetSide {
  readonly target: TargetCatalogue;
  readonly migrationsTables: readonly TargetMigrationsTable[];
  /** Names of tables that hold rows which no run put there; empty where no rule asks for them. */
  readonly filled: ReadonlySet<string>;
}

export async function readTargetSide(session: TargetSession, rules: Rules): Promise<TargetSide> {
  const run = await loadRun(session);
  const target = await readCatalogue(session);
  return {
    target,
    migrationsTables: ownMigrationsTables(await readToolTables(session), run?.mappings ?? []),
    filled: keepsSeeded(rules) ? await tablesWithRows(session, target, run?.mappings ?? []) : new Set(),
  };
}
