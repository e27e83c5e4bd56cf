import type { PlannedChange } from "../migrate/dry-run.ts";
import { withConnection } from "../migrate/migration-connection.ts";
import { parsePgStatements } from "../prove/lint/pg-statements.ts";
import { type Effect, effectsOf, type NamedTable } from "../prove/lint/taken-away.ts";
import { NamesAtStake } from "./names-at-stake.ts";
import { readTablesAtStake } from "./tables-at-stake.ts";

/** What undoing one migration takes away, as far as its SQL tells. */
export interface UndoneFile {
  /** Name of the migration. */
  readonly name: string;
  /** Tables that it drops or changes, with what they hold. */
  readonly takes: readonly TakenAway[];
  /** Parts that only tell when they run, such as a DO block. */
  readonly unknown: readonly string[];
}

/** A table, or columns of it, that a migration's undoing takes away. */
export interface TakenAway {
  /** Its schema. */
  readonly schema: string;
  /** Its name. */
  readonly table: string;
  /** What happens to it. */
  readonly how: "dropped" | "emptied" | "deleted-from" | "changed" | "column-dropped" | "column-retyped";
  /** The column; null where it concerns whole rows. */
  readonly column: string | null;
  /** Rows of the table now. */
  readonly rows: number;
  /** False: an estimate. */
  readonly counted: boolean;
  /** Size of the table with its indexes. */
  readonly bytes: number;
  /** Its number in PostgreSQL, which a new name does not change. */
  readonly id: string;
}

// Another session's lock is not waited for longer: the estimate is as good as the question needs.
const COUNT_TIMEOUT_MS = 500;

/** The migrations to undo, in their order, and what each takes away. Only reads; nothing of it runs. */
export async function forecastUndo(url: string, planned: readonly PlannedChange[]): Promise<UndoneFile[]> {
  const files: { readonly name: string; readonly effects: readonly Effect[] }[] = [];
  for (const change of planned)
    if (change.direction === "down") files.push({ name: change.name, effects: await effectsOfFile(change) });
  const effects = files.flatMap((file) => file.effects);
  const tables = await withConnection(url, async (target) => {
    await target.run(`begin read only; set local lock_timeout = ${COUNT_TIMEOUT_MS}`);
    return readTablesAtStake(target, {
      tables: effects.flatMap(namesIn),
      schemas: effects.flatMap((effect) => (effect.kind === "schema-dropped" ? [effect.schema] : [])),
    });
  });
  const names = new NamesAtStake(tables);
  return files.map(({ effects: own, name }) => ({
    name,
    takes: own.flatMap((effect) => names.apply(effect)),
    unknown: [...new Set(own.flatMap((effect) => (effect.kind === "unknown" ? [effect.what] : [])))],
  }));
}

async function effectsOfFile({ asksDatabase, sql, transaction }: PlannedChange): Promise<Effect[]> {
  const parsed = await parsePgStatements({
    steps: sql.map((text) => ({ sql: text, line: null })),
    transaction,
    queries: asksDatabase,
  });
  return [
    ...("statements" in parsed ? effectsOf(parsed.statements) : [unknown("SQL that cannot be parsed")]),
    ...(asksDatabase ? [unknown("a script that queries the database")] : []),
  ];
}

function unknown(what: string): Effect {
  return { kind: "unknown", what };
}

function namesIn(effect: Effect): NamedTable[] {
  if (!("table" in effect)) return [];
  return effect.kind === "renamed" ? [effect.table, { ...effect.table, name: effect.to }] : [effect.table];
}
