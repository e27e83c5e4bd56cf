import type { Failback, SealedFailback } from "../../model/failback.ts";
import type { FailbackLoss } from "../../model/failback-loss.ts";
import type { Tuple } from "../../model/key.ts";
import { type InState, inState, stateOf, stateSql } from "../state-schema.ts";
import type { TargetReader, TargetStatement } from "../target.ts";

/** The failback of a run; null if it has none. */
export async function loadFailback(session: TargetReader, run: string): Promise<Failback | null> {
  const [found] = await session.rows<{ found: boolean }>(
    `select to_regclass(${inState(session, "failback")}) is not null as found`,
  );
  if (found?.found !== true) return null;
  const [row] = await session.rows<{
    state: Failback["state"];
    batches: string;
    rows: string;
    rounded: string;
    seconds: number | null;
    ends: string | null;
  }>(stateSql(session, "target/load-failback"), [run]);
  return row === undefined
    ? null
    : {
        state: row.state,
        batches: BigInt(row.batches),
        rows: BigInt(row.rows),
        rounded: BigInt(row.rounded),
        secondsSinceCaughtUp: row.seconds,
        endsAt: row.ends,
      };
}

export async function setFailback(tx: TargetReader, run: string, state: Failback["state"]): Promise<void> {
  const { parameters, text } = renderFailbackState(tx, run, state);
  await tx.rows(text, parameters);
}

export function renderFailbackState(inRun: InState, run: string, state: Failback["state"]): TargetStatement {
  return {
    text:
      `insert into ${stateOf(inRun)}.failback (run, state) values ($1, $2) on conflict (run) do update set state = ` +
      "excluded.state",
    parameters: [run, state],
  };
}

/** Records a replayed batch, in its transaction. */
export async function recordFailbackBatch(
  tx: TargetReader,
  run: string,
  batch: { readonly rows: number; readonly rounded: number },
): Promise<void> {
  await tx.rows(
    `update ${stateOf(tx)}.failback set batches = batches + 1, rows = rows + $2, rounded = rounded + $3, ` +
      "caught_up_at = clock_timestamp() where run = $1",
    [run, batch.rows, batch.rounded],
  );
}

/** Records that the source equals the target now. */
export async function recordFailbackCaughtUp(session: TargetReader, run: string): Promise<void> {
  await session.rows(`update ${stateOf(session)}.failback set caught_up_at = clock_timestamp() where run = $1`, [run]);
}

/** The run goes forward again: its next cutover enables a new failback. */
export async function forgetFailback(tx: TargetReader, run: string): Promise<void> {
  await tx.rows(`delete from ${stateOf(tx)}.failback where run = $1`, [run]);
}

/** Keeps what the target holds besides rows, before the cutover that a failback may follow. */
export async function saveSchemaAtCutover(session: TargetReader, run: string, schema: object): Promise<void> {
  await session.rows(
    `insert into ${stateOf(session)}.failback_schema (run, schema) values ($1, ($2::text)::jsonb)
     on conflict (run) do update set schema = excluded.schema`,
    [run, JSON.stringify(schema)],
  );
}

/** Adds what this transaction has recreated of it so far: constraints, triggers, indexes. */
export function renderRestoredRecord(state: InState, run: string): TargetStatement {
  return { text: stateSql(state, "target/record-restored"), parameters: [run] };
}

/** `schema` and `restored` are JSON; null where no cutover kept them. */
export async function loadSchemaAtCutover(
  session: TargetReader,
  run: string,
): Promise<{ readonly schema: string; readonly restored: string } | null> {
  const [row] = await session.rows<{ schema: string; restored: string }>(
    `select s.schema::text as schema, coalesce(f.restored_at_cutover, '[]')::text as restored
     from ${stateOf(session)}.failback_schema s join ${stateOf(session)}.failback f using (run) where run = $1`,
    [run],
  );
  return row ?? null;
}

/** Records the seal of the target's fence, with all that another process needs to complete the return. */
export async function setSealed(tx: TargetReader, run: string, sealed: SealedFailback): Promise<void> {
  await tx.rows(
    `update ${stateOf(tx)}.failback
     set state = 'returning', losses = ($2::text)::jsonb, sequences = ($3::text)::jsonb where run = $1`,
    [
      run,
      JSON.stringify({ losses: sealed.losses, keys: Object.fromEntries(sealed.keys) }),
      JSON.stringify(Object.fromEntries([...sealed.sequences].map(([table, last]) => [table, last.toString()]))),
    ],
  );
}

export async function loadSealed(session: TargetReader, run: string): Promise<SealedFailback> {
  const [row] = await session.rows<{ losses: string | null; sequences: string | null }>(
    `select losses::text as losses, sequences::text as sequences from ${stateOf(session)}.failback where run = $1`,
    [run],
  );
  const { losses, keys } = JSON.parse(row?.losses ?? '{"losses":[],"keys":{}}') as SealedLosses;
  const sequences = JSON.parse(row?.sequences ?? "{}") as Readonly<Record<string, string>>;
  return {
    losses,
    keys: new Map(Object.entries(keys).map(([id, tuples]) => [Number(id), tuples])),
    sequences: new Map(Object.entries(sequences).map(([table, last]) => [table, BigInt(last)])),
  };
}

interface SealedLosses {
  readonly losses: readonly FailbackLoss[];
  readonly keys: Readonly<Record<string, readonly Tuple[]>>;
}
