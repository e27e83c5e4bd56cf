import type { Tuple } from "../../model/key.ts";
import { inState, stateOf, stateSql } from "../state-schema.ts";
import type { TargetReader } from "../target.ts";

/** One comparison of all rows, as recorded in the target. */
export interface VerificationPass {
  readonly pass: number;
  /** Keys logged after this seq must be compared again. */
  readonly through: bigint;
  readonly startedAt: string;
  /** Null while it runs, or after an interruption. */
  readonly endedAt: string | null;
  /** Rows compared so far. */
  readonly rows: number;
  readonly differences: number | null;
}

/** Progress of a pass in one table without differences so far. */
export interface TableProgress {
  /** All rows up to this key are compared; null: none. */
  readonly position: Tuple | null;
  readonly rows: number;
  readonly done: boolean;
}

/** The last pass of a run; null before the first, or if an older version began the run. */
export async function lastPass(session: TargetReader, run: string): Promise<VerificationPass | null> {
  const [store] = await session.rows<{ found: boolean }>(
    `select to_regclass(${inState(session, "verification")}) is not null as found`,
  );
  if (store?.found !== true) return null;
  const [row] = await session.rows<{
    pass: number;
    through: string;
    started_at: string;
    ended_at: string | null;
    rows: string;
    differences: string | null;
  }>(stateSql(session, "target/last-pass"), [run]);
  if (row === undefined) return null;
  return {
    pass: row.pass,
    through: BigInt(row.through),
    startedAt: row.started_at,
    endedAt: row.ended_at,
    rows: Number(row.rows),
    differences: row.differences === null ? null : Number(row.differences),
  };
}

/** Begins a pass and deletes the progress of the previous one. */
export async function beginPass(
  session: TargetReader,
  run: string,
  { pass, through }: { readonly pass: number; readonly through: bigint },
): Promise<void> {
  await session.rows(`delete from ${stateOf(session)}.verification_table where run = $1`, [run]);
  await session.rows(`delete from ${stateOf(session)}.verification where run = $1 and ended_at is null`, [run]);
  await session.rows(`insert into ${stateOf(session)}.verification (run, pass, through) values ($1, $2, $3)`, [
    run,
    pass,
    through,
  ]);
}

/** Returns false if the pass was invalidated meanwhile. */
export async function endPass(
  session: TargetReader,
  run: string,
  { pass, rows, differences }: { readonly pass: number; readonly rows: number; readonly differences: number },
): Promise<boolean> {
  await session.rows(`delete from ${stateOf(session)}.verification_table where run = $1`, [run]);
  const ended = await session.rows(
    `update ${stateOf(session)}.verification set rows = $3, differences = $4, ended_at = clock_timestamp() ` +
      "where run = $1 and pass = $2 and ended_at is null returning pass",
    [run, pass, rows, differences],
  );
  return ended.length > 0;
}

/** Invalidates an interrupted pass: the tables, or the knowledge about them, have changed. */
export async function forgetPass(tx: TargetReader, run: string): Promise<void> {
  await tx.rows(`delete from ${stateOf(tx)}.verification where run = $1 and ended_at is null`, [run]);
}

export async function loadProgress(
  session: TargetReader,
  run: string,
  pass: number,
): Promise<ReadonlyMap<number, TableProgress>> {
  const rows = await session.rows<{ id: number; position: string | null; rows: string; done: boolean }>(
    `select id, position::text, rows::text, done from ${stateOf(session)}.verification_table ` +
      "where run = $1 and pass = $2",
    [run, pass],
  );
  return new Map(
    rows.map(({ id, position, rows: compared, done }) => [
      id,
      { position: position === null ? null : (JSON.parse(position) as Tuple), rows: Number(compared), done },
    ]),
  );
}

/** Progress of several tables, by id. Saves nothing if the pass was invalidated meanwhile. */
export async function saveProgress(
  session: TargetReader,
  run: string,
  pass: number,
  tables: readonly (TableProgress & { readonly table: number })[],
): Promise<void> {
  const saved = tables.map(({ table, position, rows, done }) => ({ id: table, position, rows, done }));
  await session.rows(stateSql(session, "target/save-progress"), [run, pass, JSON.stringify(saved)]);
}
