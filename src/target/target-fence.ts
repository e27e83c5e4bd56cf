import { FENCED } from "../model/change-log.ts";
import type { TargetTableName } from "../model/mapping.ts";
import { OWN_SESSION, TARGET_FENCE, TARGET_ROW_FENCE, type TargetFenceState } from "../model/target-fence.ts";
import { pgName, pgString, pgTable } from "../quote.ts";
import { sql } from "../sql.ts";
import type { TargetReader, TargetStatements } from "./target.ts";

/** What all triggers of the fence call. Its text alone says what becomes of a write: one statement turns them all. */
const FUNCTION = "changeover.refuse_write";

/** A table, partition or child that the fence is to stand on. */
export interface FencePlace extends TargetTableName {
  readonly id: string;
  /** Rows reach it through a parent that is no part of the run, whose own trigger would refuse others' writes. */
  readonly hasOtherParent: boolean;
  /** Rows come to it by logical replication, which fires no statement trigger. */
  readonly isSubscribed: boolean;
  /** Our triggers there, also if somebody disabled them. */
  readonly present: readonly string[];
  /** Those that fire for everyone, with the version of their row in the catalogue. */
  readonly sound: Readonly<Record<string, string>>;
}

/** Sets what becomes of writes to the tables, from the commit on: one statement, whatever their number. */
export async function turnTargetFence(tx: TargetStatements, state: TargetFenceState): Promise<void> {
  await tx.run(renderTargetFenceFunction(state));
}

/** Puts the fence on the tables where it is missing. Waits for those who have written there and not yet committed. */
export async function putUpTargetFence(tx: TargetStatements, tables: readonly TargetTableName[]): Promise<void> {
  const statements = (await targetFencePlaces(tx, tables)).flatMap(renderMissing);
  if (statements.length > 0) await tx.run(statements.join(";\n"));
}

export function targetFencePlaces(tx: TargetReader, tables: readonly TargetTableName[]): Promise<FencePlace[]> {
  return tx.rows<FencePlace>(sql("target/fence-standing"), [tables.map(pgTable), [TARGET_FENCE, TARGET_ROW_FENCE]]);
}

/** Whether all triggers are there that should be. */
export function isFenced(place: FencePlace): boolean {
  return triggersOf(place).every((name) => name in place.sound);
}

/** The version of the function's row in the catalogue; null if there is none. */
export async function targetFenceVersion(tx: TargetReader): Promise<string | null> {
  const [row] = await tx.rows<{ version: string }>(
    `select oid || ':' || xmin as version from pg_proc where oid = to_regprocedure('${FUNCTION}()')`,
  );
  return row?.version ?? null;
}

/** What takes the fence off, statement by statement, wherever it stands: a partition may have been detached. */
export async function renderTargetFenceDrop(tx: TargetReader): Promise<string[]> {
  const standing = await tx.rows<TargetTableName & { readonly trigger: string }>(
    `select n.nspname as schema, c.relname as name, g.tgname as trigger
     from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where g.tgfoid = to_regprocedure('${FUNCTION}()') and g.tgparentid = 0 order by c.oid`,
  );
  return [
    ...standing.map((place) => `drop trigger if exists ${pgName(place.trigger)} on ${pgTable(place)}`),
    `drop function if exists ${FUNCTION}()`,
  ];
}

function triggersOf({ hasOtherParent }: Pick<FencePlace, "hasOtherParent">): string[] {
  return hasOtherParent ? [TARGET_FENCE, TARGET_ROW_FENCE] : [TARGET_FENCE];
}

function renderMissing(place: FencePlace): string[] {
  const table = pgTable(place);
  return triggersOf(place)
    .filter((name) => !(name in place.sound))
    .flatMap((name) => [
      ...(place.present.includes(name) ? [`drop trigger ${pgName(name)} on ${table}`] : []),
      name === TARGET_FENCE ? renderStatementTrigger(table) : renderRowTrigger(table),
      // Always: a session that plays a replica writes all the same, and nobody is excepted for being a superuser.
      `alter table ${table} enable always trigger ${pgName(name)}`,
    ]);
}

function renderStatementTrigger(table: string): string {
  return `create trigger ${pgName(TARGET_FENCE)} before insert or update or delete or truncate on ${table}
    for each statement execute function ${FUNCTION}()`;
}

/** Its condition is asked before an event of the row is kept, so that our own rows cost no memory. */
function renderRowTrigger(table: string): string {
  return `create trigger ${pgName(TARGET_ROW_FENCE)} after insert or update or delete on ${table}
    for each row when (${OTHERS}) execute function ${FUNCTION}()`;
}

const SETTING = `pg_catalog.current_setting('${OWN_SESSION.setting}', true)`;
const OTHERS = `not coalesce(${SETTING} operator(pg_catalog.=) '${OWN_SESSION.value}', false)`;

/**
 * In the function's text and not in a row of a table: a transaction with an older snapshot sees the present function,
 * but not a row that came later. All names are qualified, so nobody's search_path matters.
 */
function renderTargetFenceFunction(state: TargetFenceState): string {
  const body = pgString(`begin ${bodyOf(state)} end`);
  return `create or replace function ${FUNCTION}() returns trigger language plpgsql as ${body}`;
}

function bodyOf(state: TargetFenceState): string {
  switch (state.kind) {
    case "open":
      return "return null;";
    case "not-open":
      return `if ${OTHERS} then ${renderRaise(state)} end if; return null;`;
    case "returning": {
      const until = `${pgString(state.until)}::pg_catalog.timestamptz`;
      const stands = `pg_catalog.clock_timestamp() operator(pg_catalog.<) ${until}`;
      return `if ${stands} then ${renderRaise(state)} end if; return null;`;
    }
    case "returned":
      return renderRaise(state);
  }
}

function renderRaise(state: Exclude<TargetFenceState, { kind: "open" }>): string {
  const where = state.kind === "not-open" ? `source=${state.source}` : `target=${state.target}`;
  const message = pgString(`${FENCED} state=${state.kind} ${where}: ${MEANINGS[state.kind]}`);
  return `raise exception using message = ${message}, errcode = 'read_only_sql_transaction';`;
}

const MEANINGS = {
  "not-open":
    "this database takes no writes before the cutover; until then the data is in SQLite and is copied from there; " +
    "write there, and try again here later",
  returning: "this database is returning to SQLite; try again in a moment",
  returned: "this database has returned to SQLite; nothing is written here any more",
} as const;
