import { failbackLogTable } from "../../model/failback.ts";
import { keyColumns, ROWID_COLUMN, type TableMapping } from "../../model/mapping.ts";
import { pgName, pgString, pgTable } from "../../quote.ts";
import { DEFAULT_STATE_SCHEMA, type InState, inState, stateOf } from "../../target/state-schema.ts";

/** Names of our triggers on a table of the target. */
const FAILBACK_TRIGGERS = ["_changeover_failback", "_changeover_failback_truncate"] as const;

const gateOf = (run: InState) => `${stateOf(run)}.is_failback_armed`;

/** Numbers of the tables whose logs have entries: to look into each log takes as long as there are tables. */
export const touchedOf = (run: InState): string => `${stateOf(run)}.failback_touched`;

/** Made with the gate. Its rows are deleted with the entries that they stand for, by the same snapshot. */
export const renderTouched = (run: InState): string =>
  `create table if not exists ${touchedOf(run)} (tbl integer not null); ` +
  `alter table ${touchedOf(run)} replica identity full`;

/** What the present transaction has noted there already. A savepoint that is rolled back takes that back, too. */
const NOTED = "changeover.touched";

/**
 * Whether changes are logged: all triggers ask this function, so that one statement wakes them, whatever their number.
 * In its text and not in a row of a table, as with the target's fence: a transaction with an older snapshot sees the
 * present function.
 */
export function renderGate(run: InState, { isEnabled }: { readonly isEnabled: boolean }): string {
  const gate = gateOf(run);
  return (
    `create or replace function ${gate}() returns boolean language sql stable as 'select ${isEnabled}'; ` +
    forEveryRole(`${gate}()`)
  );
}

/** The application's role calls it, and its owner may have taken new functions from PUBLIC by default. */
function forEveryRole(signature: string): string {
  return `grant execute on function ${signature} to public`;
}

/** Whether something was prepared that may still sleep there; as `found`. */
export function renderGateFound(run: InState): string {
  return `select to_regprocedure(${inState(run, "is_failback_armed()")}) is not null as found`;
}

export function renderForgetGate(run: InState): string {
  return `drop function if exists ${gateOf(run)}() cascade; drop table if exists ${touchedOf(run)}`;
}

/** What is made before the cutover, in the order of use: the log of one table, and the function that writes it. */
export function renderLog(run: InState, mapping: TableMapping): string[] {
  const keys = keyColumns(mapping);
  const log = logName(run, mapping);
  const names = keys.map((_, position) => `k${position + 1}`).join(", ");
  const values = (row: "old" | "new") => keys.map((key) => `${row}.${pgName(key.target)}`).join(", ");
  // As text, which needs no operator of the type's own: the function sees no schema but pg_catalog.
  const moved = keys
    .map((key) => `old.${pgName(key.target)}::text is distinct from new.${pgName(key.target)}::text`)
    .join(" or ");
  return [
    ...renderForget(run, mapping),
    // Typed as the table's own columns, so that rows are found by their index.
    `create table ${log} as select ` +
      `${keys.map((key, position) => `${pgName(key.target)} as k${position + 1}`).join(", ")} from ` +
      `${pgTable(mapping.target)} with no data`,
    // No sequence: it would draw in the application's session, and change what lastval() tells there. Entries need no
    // order either.
    `alter table ${log} add column whole boolean not null default false`,
    // A publication FOR ALL TABLES refuses DELETE on a table without a key.
    `alter table ${log} replica identity full`,
    // The application may write under another role, which has no rights on the log.
    `create function ${functionName(run, mapping)}() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $changeover$
begin
  ${renderNote(run, mapping)}
  if tg_op = 'TRUNCATE' then
    insert into ${log}(whole) values (true);
    return null;
  end if;
  if tg_op <> 'INSERT' then
    insert into ${log}(${names}) values (${values("old")});
  end if;
  if tg_op = 'INSERT' then
    insert into ${log}(${names}) values (${values("new")});
  elsif tg_op = 'UPDATE' then
    if ${moved} then
      insert into ${log}(${names}) values (${values("new")});
    end if;
  end if;
  return null;
end
$changeover$`,
    ...(mapping.identity.kind === "rowid"
      ? [
          // Tried once, while nothing depends on it: a server that does not allow it says so before the fence.
          renderRowidSource(run, mapping),
          forEveryRole(`${rowidSource(run, mapping)}(bigint)`),
          `select ${rowidSource(run, mapping)}(0)`,
        ]
      : []),
  ];
}

/** Once a transaction for each table. */
function renderNote(run: InState, { id }: TableMapping): string {
  // One transaction may change tables of several runs.
  const note = run.stateSchema === DEFAULT_STATE_SCHEMA ? `${id}` : `${run.stateSchema}:${id}`;
  const noted = `coalesce(current_setting('${NOTED}', true), '')`;
  return `if position(' ${note} ' in ${noted}) = 0 then
    insert into ${touchedOf(run)}(tbl) values (${id});
    perform set_config('${NOTED}', ${noted} || ' ${note} ', true);
  end if;`;
}

/**
 * The triggers, which sleep until the gate says otherwise. It is their condition, asked before an event of the row is
 * kept: replay pays next to nothing for them.
 */
export function renderTriggers(run: InState, mapping: TableMapping): string[] {
  const table = pgTable(mapping.target);
  const [row, truncate] = FAILBACK_TRIGGERS.map(pgName);
  return [
    `create trigger ${row} after insert or update or delete on ${table} for each row when (${gateOf(run)}()) ` +
      `execute function ${functionName(run, mapping)}()`,
    `create trigger ${truncate} after truncate on ${table} for each statement when (${gateOf(run)}()) execute ` +
      `function ${functionName(run, mapping)}()`,
    // Always: a session that plays a replica, as pg_restore's may, changes rows all the same.
    `alter table ${table} enable always trigger ${row}, enable always trigger ${truncate}`,
  ];
}

/** New rows of tables without a key are numbered above all that are there now. */
export function renderRowidDefaults(run: InState, mappings: readonly TableMapping[]): string[] {
  return mappings
    .filter(({ identity }) => identity.kind === "rowid")
    .map((mapping) => renderRowidDefault(run, mapping));
}

/** Ends it: the triggers first, since the application's writes would fail on a function or a log that is gone. */
export function renderFailbackTriggersDrop(mapping: TableMapping): string[] {
  const table = pgTable(mapping.target);
  return FAILBACK_TRIGGERS.map((trigger) => `drop trigger if exists ${pgName(trigger)} on ${table}`).concat(
    mapping.identity.kind === "rowid"
      ? [
          "do " +
            pgString(
              `begin if exists (select from pg_catalog.pg_attribute where attrelid = ` +
                `${pgString(table)}::regclass and attname = '${ROWID_COLUMN}' and not attisdropped) then alter ` +
                `table ${table} alter column ${pgName(ROWID_COLUMN)} drop default; end if; end`,
            ),
        ]
      : [],
  );
}

export function renderForget(run: InState, mapping: TableMapping): string[] {
  return [
    // With the triggers, should they be there.
    `drop function if exists ${functionName(run, mapping)}() cascade`,
    `drop table if exists ${logName(run, mapping)}`,
    // With the default that asks it.
    `drop function if exists ${rowidSource(run, mapping)}(bigint) cascade`,
  ];
}

export function logName(run: InState, mapping: Pick<TableMapping, "id">): string {
  return `${stateOf(run)}.${failbackLogTable(mapping.id)}`;
}

function functionName(run: InState, mapping: TableMapping): string {
  return `${stateOf(run)}.log_failback_${mapping.id}`;
}

function rowidSource(run: InState, mapping: TableMapping): string {
  return `${stateOf(run)}.next_rowid_${mapping.id}`;
}

/**
 * Numbers rows without a key. The position of a record in the write-ahead log is unique and only grows, across all
 * sessions. Unlike a sequence, it leaves no trace in the session: lastval() is the application's own.
 */
function renderRowidSource(run: InState, mapping: TableMapping): string {
  return `create function ${rowidSource(run, mapping)}(base bigint) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $changeover$
begin
  return base + (pg_logical_emit_message(false, 'changeover', '') - '0/0'::pg_lsn)::bigint;
end
$changeover$`;
}

function renderRowidDefault(run: InState, mapping: TableMapping): string {
  const table = pgTable(mapping.target);
  const rowid = pgName(ROWID_COLUMN);
  const alter = `alter table ${table} alter column ${rowid} set default ${rowidSource(run, mapping)}(%s)`;
  return (
    "do " +
    pgString(
      `declare base bigint; begin select greatest(coalesce(max(${rowid}), 0), 0) - ` +
        "(pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint + 1 into base " +
        `from ${table}; execute format(${pgString(alter)}, base); end`,
    )
  );
}
