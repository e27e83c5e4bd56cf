import { RefusedError } from "../errors.ts";
import { FENCED } from "../model/change-log.ts";
import type { TargetTableName } from "../model/mapping.ts";
import {
  OWN_SESSION_SETTING,
  ownSessionValue,
  TARGET_FENCE,
  TARGET_ROW_FENCE,
  type TargetFenceState,
} from "../model/target-fence.ts";
import { pgName, pgString, pgTable } from "../quote.ts";
import { type InState, inState, stateOf, stateSql } from "./state-schema.ts";
import type { TargetReader, TargetStatement, TargetStatements } from "./target.ts";

/**
 * The function that all triggers of the fence call. Its text decides about writes, so one statement switches all of
 * them.
 */
const FUNCTION = "refuse_write";

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
  /** The state schema of another run in this database whose table it is; null: it is of none. */
  readonly otherRun: string | null;
}

/** Changes what happens to writes to all fenced tables, from the commit on, by one statement. */
export async function setTargetFence(tx: TargetStatements, state: TargetFenceState): Promise<void> {
  await tx.run(renderTargetFenceFunction(tx, state));
}

/** Creates the fence on the tables that lack it. Waits for uncommitted writes to them. */
export async function createTargetFence(tx: TargetStatements, tables: readonly TargetTableName[]): Promise<void> {
  const places = await readFencedTables(tx, tables);
  refuseOtherRun(tx, places);
  const statements = places.flatMap((place) => renderMissing(tx, place));
  if (statements.length > 0) await tx.run(statements.join(";\n"));
}

/** Refuses tables that another run moves into: two would write there, each behind a fence of its own. */
export async function refuseTablesOfOtherRun(tx: TargetReader, tables: readonly TargetTableName[]): Promise<void> {
  refuseOtherRun(tx, await readFencedTables(tx, tables));
}

function refuseOtherRun({ stateSchema }: InState, places: readonly FencedTable[]): void {
  const theirs = places.filter(({ otherRun }) => otherRun !== null);
  const [first] = theirs;
  if (first === undefined) return;
  const names = theirs.map(pgTable);
  throw new RefusedError({
    code: "TABLES_OF_OTHER_RUN",
    message:
      `${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}: another run moves into them, ` +
      `whose state is in ${first.otherRun}; this one's is in ${stateSchema}. Nothing was changed`,
    hint: `give --state-schema ${first.otherRun} for that run, or --schema for this one's own tables`,
    context: { tables: names, stateSchema: first.otherRun },
  });
}

function readFencedTables(tx: TargetReader, tables: readonly TargetTableName[]): Promise<FencedTable[]> {
  const { parameters, text } = fencedTablesQuestion(tx, tables);
  return tx.rows<FencedTable>(text, parameters);
}

/** Answered by a {@link FencedTable} for each. */
export function fencedTablesQuestion(run: InState, tables: readonly TargetTableName[]): TargetStatement {
  return {
    text: stateSql(run, "target/fence-triggers"),
    parameters: [tables.map(pgTable), [TARGET_FENCE, TARGET_ROW_FENCE]],
  };
}

/** Whether the table has all triggers that it needs. */
export function isFullyFenced(place: FencedTable): boolean {
  return triggersOf(place).every((name) => name in place.sound);
}

/** Answered by the `version` of the function in the catalogue (oid and xmin); by nothing if it does not exist. */
export function fenceVersionQuestion(run: InState): TargetStatement {
  const name = inState(run, `${FUNCTION}()`);
  return { text: `select oid || ':' || xmin as version from pg_proc where oid = to_regprocedure(${name})` };
}

/** The statements that remove the fence from every table that has it: a partition may have been detached meanwhile. */
export async function renderTargetFenceDrop(tx: TargetReader): Promise<string[]> {
  const triggers = await tx.rows<TargetTableName & { readonly trigger: string }>(
    `select n.nspname as schema, c.relname as name, g.tgname as trigger
     from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
     where g.tgfoid = to_regprocedure(${inState(tx, `${FUNCTION}()`)}) and g.tgparentid = 0 order by c.oid`,
  );
  return [
    ...triggers.map((place) => `drop trigger if exists ${pgName(place.trigger)} on ${pgTable(place)}`),
    `drop function if exists ${stateOf(tx)}.${FUNCTION}()`,
  ];
}

function triggersOf({ hasOtherParent }: Pick<FencedTable, "hasOtherParent">): string[] {
  return hasOtherParent ? [TARGET_FENCE, TARGET_ROW_FENCE] : [TARGET_FENCE];
}

function renderMissing(run: InState, place: FencedTable): string[] {
  const table = pgTable(place);
  return triggersOf(place)
    .filter((name) => !(name in place.sound))
    .flatMap((name) => [
      ...(place.present.includes(name) ? [`drop trigger ${pgName(name)} on ${table}`] : []),
      name === TARGET_FENCE ? renderStatementTrigger(run, table) : renderRowTrigger(run, table),
      // ENABLE ALWAYS: the fence also stops sessions with session_replication_role = replica, and superusers.
      `alter table ${table} enable always trigger ${pgName(name)}`,
    ]);
}

function renderStatementTrigger(run: InState, table: string): string {
  return `create trigger ${pgName(TARGET_FENCE)} before insert or update or delete or truncate on ${table}
    for each statement execute function ${stateOf(run)}.${FUNCTION}()`;
}

/** The WHEN condition is evaluated before an event is queued, so our own rows cost no memory. */
function renderRowTrigger(run: InState, table: string): string {
  return `create trigger ${pgName(TARGET_ROW_FENCE)} after insert or update or delete on ${table}
    for each row when (${othersThan(run)}) execute function ${stateOf(run)}.${FUNCTION}()`;
}

const SETTING = `pg_catalog.current_setting('${OWN_SESSION_SETTING}', true)`;
/** Sessions that are not the run's own: those of another run in this database are refused as well. */
const othersThan = ({ stateSchema }: InState) =>
  `not coalesce(${SETTING} operator(pg_catalog.=) ${pgString(ownSessionValue(stateSchema))}, false)`;

/**
 * The state is in the function's text, not in a table: a transaction with an older snapshot sees the current function,
 * but not a newer row. All names are qualified, so that search_path does not matter.
 */
export function renderTargetFenceFunction(run: InState, state: TargetFenceState): string {
  const body = pgString(`begin ${bodyOf(run, state)} end`);
  return `create or replace function ${stateOf(run)}.${FUNCTION}() returns trigger language plpgsql as ${body}`;
}

function bodyOf(run: InState, state: TargetFenceState): string {
  switch (state.kind) {
    case "open":
      return "return null;";
    case "not-open":
      return `if ${othersThan(run)} then ${renderRaise(state)} end if; return null;`;
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
