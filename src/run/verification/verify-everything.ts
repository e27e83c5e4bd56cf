import type { TableMapping } from "../../model/mapping.ts";
import type { Run } from "../../model/run.ts";
import { tableBytes } from "../../target/table-bytes.ts";
import type { TargetSession } from "../../target/target.ts";
import type { TableVerification, Verification } from "../../verify/verify-run.ts";
import { watermarkOf } from "../../verify/watermark.ts";
import type { Context } from "../context.ts";
import { onWorkers } from "../on-workers.ts";
import { checkResult } from "./check-result.ts";
import { verificationOptions } from "./verification-options.ts";
import { openPass } from "./verification-pass.ts";
import { waitForReplay } from "./wait-for-replay.ts";

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
export async function verifyEverything(
  context: Context,
  session: TargetSession,
  run: Run,
  options: VerifyAllOptions = {},
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
  let done = 0;
  let { onHalf } = options;
  context.report({ kind: "step", message: "comparing both sides" });
  const [auxiliary, keeper] = [await context.target.session(), await context.target.session()];
  const { captured, rowidsDropped, tooFarBehind } = verificationOptions(context, session, run);
  try {
    const pass = await openPass(context, run, { session: keeper, restart: options.restart === true });
    const through = pass?.through ?? (await watermarkOf(session, run.id));
    const compared = new Map<number, TableVerification>();
    await onWorkers(context, { session, auxiliary, items, isAtRest: !run.captured }, async (mapping, worker) => {
      let partDone = 0;
      const known = pass === null ? {} : { known: pass.progress.of(mapping) };
      const table = await worker.do(
        "verify",
        {
          run: run.id,
          mapping,
          captured,
          rowidsDropped: rowidsDropped === true,
          tooFarBehind,
          byPages: context.throttle.maxRows !== null,
          ...known,
        },
        {
          onRows(name, rows) {
            done += rows;
            partDone += rows;
            if (done >= total / 2) {
              onHalf?.();
              onHalf = undefined;
            }
            context.report({
              kind: "progress",
              phase: "verify",
              done,
              total: Math.max(total, done),
              unit: "rows",
              detail: name,
              part: { done: partDone, total: Math.max(size(mapping), partDone) },
            });
          },
          rest: (page) => context.throttle.rest(page, options.isGentle === true ? { share: GENTLE_SHARE } : {}),
          whileBehind: options.whileBehind ?? waitForReplay(session, run, () => context.throttle.isPaused),
          save: async (progress) => pass?.progress.save(mapping, progress),
        },
      );
      compared.set(mapping.id, { ...table, mapping });
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
