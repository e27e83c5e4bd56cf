import { InterruptedError } from "../../errors.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Run } from "../../model/run.ts";
import { tableBytes } from "../../target/table-bytes.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Work } from "../../throttle/throttle-policy.ts";
import type { TableVerification, Verification } from "../../verify/verify-run.ts";
import { FEW_ROWS, withSmallTogether } from "../../verify/verify-small-tables.ts";
import { watermarkOf } from "../../verify/watermark.ts";
import type { Context } from "../context.ts";
import { nobodyWrites } from "../nobody-writes.ts";
import { onWorkers, processesFor, type Worker } from "../on-workers.ts";
import { whileWatched } from "../watch-application.ts";
import { checkResult } from "./check-result.ts";
import { verificationOptions } from "./verification-options.ts";
import { openPass } from "./verification-pass.ts";
import { verifyInParts } from "./verify-in-parts.ts";
import { waitForReplay } from "./wait-for-replay.ts";

/** In the target. To start the processes takes as long as comparing a smaller table. */
const MIN_BYTES_IN_PARTS = 128 << 20;

export interface VerifyAllOptions {
  readonly whileBehind?: () => Promise<void>;
  /** Compares everything again, also what an interrupted comparison has compared. */
  readonly restart?: boolean;
  /** Takes a share of the time only: nobody waits for it. */
  readonly isGentle?: boolean;
  /** Called once, when half of the rows are compared. */
  readonly onHalf?: () => void;
}

/**
 * `isResumed`: some of it was compared earlier, and what changed since then must be compared again. `counts`: false if
 * meanwhile the tables were copied again, or a migration changed rows: what was compared before that says nothing.
 */
export type FullVerification = Verification & { readonly isResumed: boolean; readonly counts: boolean };

/** Of the time, for a comparison that nobody waits for. */
const GENTLE_SHARE = 1 / 4;

/** Verifies everything and shows how far it is; goes on where that was interrupted. */
export function verifyEverything(
  context: Context,
  session: TargetSession,
  run: Run,
  options: VerifyAllOptions = {},
): Promise<FullVerification> {
  return whileWatched(context, run, () => verifyTables(context, session, run, options));
}

async function verifyTables(
  context: Context,
  session: TargetSession,
  run: Run,
  options: VerifyAllOptions,
): Promise<FullVerification> {
  const counted = await session.rows<{ id: number; rows: string }>(
    "select id, greatest(rows, copied)::text as rows from changeover.table_state where run = $1",
    [run.id],
  );
  const sizes = new Map(counted.map(({ id, rows }) => [id, Number(rows)]));
  const size = ({ id }: TableMapping) => sizes.get(id) ?? 0;
  const total = run.mappings.reduce((sum, mapping) => sum + size(mapping), 0);
  const bytes = await tableBytes(
    session,
    run.mappings.map(({ target }) => target),
  );
  const work = new Map(run.mappings.map(({ id }, index) => [id, bytes[index] ?? 0]));
  // So that no worker is left with the largest at the end.
  const items = [...run.mappings].sort((one, other) => (work.get(other.id) ?? 0) - (work.get(one.id) ?? 0));
  context.report({ kind: "step", message: "comparing both sides" });
  const [auxiliary, keeper] = [await context.target.session(), await context.target.session()];
  const plain = verificationOptions(context, session, run);
  const { captured, rowidsDropped, tooFarBehind } = plain;
  try {
    const pass = await openPass(context, run, { session: keeper, restart: options.restart === true });
    const through = pass?.through ?? (await watermarkOf(session, { run: run.id }));
    const compared = new Map<number, TableVerification>();
    // After the cutover the application writes to the target.
    const isAtRest = rowidsDropped !== true && (await nobodyWrites(context, run));
    const onRows = rowCounter(
      context,
      { total, sizes: new Map(run.mappings.map((each) => [each.source, size(each)])) },
      options,
    );
    const processes = processesFor(context, { isAtRest });
    if (isAtRest && items.length < processes && context.throttle.maxRows === null)
      for (const mapping of items) {
        if ((work.get(mapping.id) ?? 0) < MIN_BYTES_IN_PARTS || pass?.progress.of(mapping) != null) continue;
        const table = await verifyInParts({ context, options: plain, processes, onRows }, mapping);
        if (table === null) continue;
        compared.set(mapping.id, table);
        await pass?.progress.save(mapping, { position: null, rows: table.rows, done: true });
      }
    const left = items.filter(({ id }) => !compared.has(id));
    const isSmall = (mapping: TableMapping) => size(mapping) <= FEW_ROWS && pass?.progress.of(mapping) == null;
    const how = {
      run: run.id,
      captured,
      rowidsDropped: rowidsDropped === true,
      tooFarBehind,
      byPages: context.throttle.maxRows !== null,
    };
    const rest = (page: Work) => context.throttle.rest(page, options.isGentle === true ? { share: GENTLE_SHARE } : {});
    const verifyOne = async (mapping: TableMapping, worker: Worker) => {
      const known = pass === null ? {} : { known: pass.progress.of(mapping) };
      const table = await worker.do(
        "verify",
        { ...how, mapping, ...known },
        {
          onRows,
          rest,
          whileBehind: options.whileBehind ?? waitForReplay(session, run, () => context.throttle.isPaused),
          save: async (progress) => pass?.progress.save(mapping, progress),
        },
      );
      compared.set(mapping.id, { ...table, mapping });
    };
    const verifyTogether = async (mappings: readonly TableMapping[], worker: Worker) => {
      if (worker.signal.aborted) throw new InterruptedError();
      const equal = await worker.do("verifySmall", { ...how, mappings }, { onRows, rest });
      for (const table of equal) compared.set(table.mapping.id, table);
      await pass?.saveDone(equal);
    };
    const groups = withSmallTogether(left, isSmall);
    await onWorkers(context, { session, auxiliary, items: groups, isAtRest }, async (mappings, worker) => {
      if (mappings.length > 1) await verifyTogether(mappings, worker);
      for (const mapping of mappings) if (!compared.has(mapping.id)) await verifyOne(mapping, worker);
    });
    const everything = { through, tables: run.mappings.flatMap(({ id }) => compared.get(id) ?? []) };
    const { differences, rows } = checkResult([everything]);
    const counts = pass === null || (await pass.end({ rows, differences }));
    if (!counts)
      context.report({
        kind: "warning",
        message:
          "rows were put in doubt while they were compared, by a migration, a VACUUM or a resync: all are " +
          "compared again",
      });
    return { ...everything, isResumed: pass?.isResumed === true, counts };
  } finally {
    await auxiliary.close();
    await keeper.close();
  }
}

interface Totals {
  readonly total: number;
  /** By the table in the source. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** Shows how far it is, and says once that half of the rows are compared. */
function rowCounter(
  context: Context,
  { sizes, total }: Totals,
  { onHalf }: VerifyAllOptions,
): (table: string, rows: number) => void {
  let done = 0;
  let isHalf = false;
  const parts = new Map<string, number>();
  return (table, rows) => {
    done += rows;
    const part = (parts.get(table) ?? 0) + rows;
    parts.set(table, part);
    if (done >= total / 2 && !isHalf) {
      isHalf = true;
      onHalf?.();
    }
    context.report({
      kind: "progress",
      phase: "verify",
      done,
      total: Math.max(total, done),
      unit: "rows",
      detail: table,
      part: { done: part, total: Math.max(sizes.get(table) ?? 0, part) },
    });
  };
}
