import { FENCED } from "../model/change-log.ts";
import type { TargetTableName } from "../model/mapping.ts";
import { OWN_SESSION, TARGET_FENCE, TARGET_ROW_FENCE, type TargetFenceState } from "../model/target-fence.ts";
import { pgName, pgString, pgTable } from "../quote.ts";
import { sql } from "../sql.ts";
import type { TargetReader, TargetStatement, TargetStatements } from "./target.ts";

/**
 * The function that all triggers of the fence call. Its text decides about writes, so one statement switches all of
 * them.
 */
const FUNCTION = "changeover.refuse_write";

/** A table, partition or inheritance child that needs the fence. */
export interface FencedTable extends TargetTableName {
  readonly id: string;
  /** Rows arrive through a parent outside the run, so a statement trigger here does not fire for them. */
  readonly hasOtherParent: boolean;
  /** A subscription writes to it, and logical replication fires no statement trigger. */
  readonly isSubscribed: boolean;
  /** Our triggers on it, including disabled ones. */
  readonly present: readonly string[];
  /** Those of them that fire for every session, with the xmin of their catalogue row. */
  readonly sound: Readonly<Record<string, string>>;
}

/** Changes what happens to writes to all fenced tables, from the commit on, by one statement. */
export async function setTargetFence(tx: TargetStatements, state: TargetFenceState): Promise<void> {
  await tx.run(renderTargetFenceFunction(state));
}

/** Creates the fence on the tables that lack it. Waits for uncommitted writes to them. */
export async function createTargetFence(tx: TargetStatements, tables: readonly TargetTableName[]): Promise<void> {
  const statements = (await readFencedTables(tx, tables)).flatMap(renderMissing);
  if (statements.length > 0) await tx.run(statements.join(";\n"));
}

function readFencedTables(tx: TargetReader, tables: readonly TargetTableName[]): Promise<FencedTable[]> {
  const { parameters, text } = fencedTablesQuestion(tables);
  return tx.rows<FencedTable>(text, parameters);
}

/** Answered by a {@link FencedTable} for each. */
export function fencedTablesQuestion(tables: readonly TargetTableName[]): TargetStatement {
  return { text: sql("target/fence-triggers"), parameters: [tables.map(pgTable), [TARGET_FENCE, TARGET_ROW_FENCE]] };
}

/** Whether the table has all triggers that it needs. */
export function isFullyFenced(place: FencedTable): boolean {
  return triggersOf(place).every((name) => name in place.sound);
}

/** Answered by the `version` of the function in the catalogue (oid and xmin); by nothing if it does not exist. */
export const TARGET_FENCE_VERSION: TargetStatement = {
  text: `select oid || ':' || xmin as version from pg_proc where oid = to_regprocedure('${FUNCTION}()')`,
};

/** The statements that remove the fence from every table that has it: a partition may have been detached meanwhile. */
export async function renderTargetFenceDrop(tx: TargetReader): Promise<string[]> {
  const triggers = await tx.rows<TargetTableName & { readonly trigger: string }>(
    `select n.nspname as schema, c.relname as name, g.tgname as trigger
     from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where g.tgfoid = to_regprocedure('${FUNCTION}()') and g.tgparentid = 0 order by c.oid`,
  );
  return [
    ...triggers.map((place) => `drop trigger if exists ${pgName(place.trigger)} on ${pgTable(place)}`),
    `drop function if exists ${FUNCTION}()`,
  ];
}

function triggersOf({ hasOtherParent }: Pick<FencedTable, "hasOtherParent">): string[] {
  return hasOtherParent ? [TARGET_FENCE, TARGET_ROW_FENCE] : [TARGET_FENCE];
}

function renderMissing(place: FencedTable): string[] {
  const table = pgTable(place);
  return triggersOf(place)
    .filter((name) => !(name in place.sound))
    .flatMap((name) => [
      ...(place.present.includes(name) ? [`drop trigger ${pgName(name)} on ${table}`] : []),
      name === TARGET_FENCE ? renderStatementTrigger(table) : renderRowTrigger(table),
      // ENABLE ALWAYS: the fence also stops sessions with session_replication_role = replica, and superusers.
      `alter table ${table} enable always trigger ${pgName(name)}`,
    ]);
}

function renderStatementTrigger(table: string): string {
  return `create trigger ${pgName(TARGET_FENCE)} before insert or update or delete or truncate on ${table}
    for each statement execute function ${FUNCTION}()`;
}

/** The WHEN condition is evaluated before an event is queued, so our own rows cost no memory. */
function renderRowTrigger(table: string): string {
  return `create trigger ${pgName(TARGET_ROW_FENCE)} after insert or update or delete on ${table}
    for each row when (${OTHERS}) execute function ${FUNCTION}()`;
}

const SETTING = `pg_catalog.current_setting('${OWN_SESSION.setting}', true)`;
const OTHERS = `not coalesce(${SETTING} operator(pg_catalog.=) '${OWN_SESSION.value}', false)`;

/**
 * The state is in the function's text, not in a table: a transaction with an older snapshot sees the current function,
 * but not a newer row. All names are qualified, so that search_path does not matter.
 */
export function renderTargetFenceFunction(state: TargetFenceState): string {
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
  const message = pgString(`${FENCED} state=${state.kind} ${where}: ${MESSAGES[state.kind]}`);
  return `raise exception using message = ${message}, errcode = 'read_only_sql_transaction';`;
}

const MESSAGES = {
  "not-open":
    "this database takes no writes before the cutover; until then the data is in SQLite, and changes belong there; " +
    "try again here after the cutover",
  returning: "this database is being moved back to SQLite; try again in a few seconds",
  returned: "this database was moved back to SQLite and is read-only now",
} as const;
