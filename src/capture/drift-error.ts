import { DriftError } from "../errors.ts";
import { shellWord } from "../quote.ts";

/** How one table changed since it was captured. */
export interface TableDrift {
  readonly table: string;
  readonly what: string;
  /** False for a table that is not part of the run. */
  readonly captured: boolean;
}

/** The command that copies tables again. */
export function resyncCommand(tables: readonly string[]): string {
  return `changeover sync ${tables.map((table) => `--resync ${shellWord(table)}`).join(" ")}`;
}

export function schemaDrifted(drifts: readonly TableDrift[]): DriftError {
  const tables = drifts.map(({ table }) => table);
  const added = drifts.filter(({ captured }) => !captured).map(({ table }) => table);
  const leave =
    added.length === 0
      ? ""
      : `; or leave ${added.join(", ")} out with ` +
        `${added.map((table) => `\`--exclude ${shellWord(table)}\``).join(" ")}`;
  return new DriftError({
    code: "SCHEMA_DRIFT",
    message:
      "the source's schema changed since capture was installed: " +
      `${drifts.map(({ table, what }) => `table ${table} ${what}`).join("; ")}. Changes to its rows may not have ` +
      "been logged, so replay has stopped",
    hint:
      "undo the change if it was a mistake; otherwise make it in the target, too (a migration file and " +
      `\`changeover up\`), then \`${resyncCommand(tables)}\` copies ` +
      `${tables.length === 1 ? "this table" : "these tables"} again and continues${leave}`,
    context: { table: tables[0], tables },
  });
}

export function rowidsRenumbered(tables: readonly string[]): DriftError {
  return new DriftError({
    code: "ROWIDS_RENUMBERED",
    message:
      `VACUUM ran in the source and may have changed the rowids of ${tables.length === 1 ? "a table" : "tables"} ` +
      `without a key: ${tables.join(", ")}. Replay has stopped`,
    hint:
      `\`${resyncCommand(tables)}\` copies ${tables.length === 1 ? "it" : "them"} again and continues; run no ` +
      `VACUUM until the cutover, or give ${tables.length === 1 ? "it" : "them"} a primary key`,
    context: { table: tables[0], tables },
  });
}

export function captureMissing(location: string): DriftError {
  return new DriftError({
    code: "CAPTURE_MISSING",
    message:
      `the capture of this run is missing in ${location}: it was removed, or the file was replaced. Changes since ` +
      "then were not logged",
    hint:
      "if the file was replaced by mistake, restore the right one and run the same command again; otherwise start " +
      "over: `changeover rollback`, then `changeover full`",
    context: { location },
  });
}
