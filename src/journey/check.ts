import { captureOwner } from "../capture/install.ts";
import { lastLogged } from "../db/change-log.ts";
import { setVerified, tryLock, unlock } from "../db/run-store.ts";
import type { TargetSession } from "../db/target.ts";
import { ChangeoverError, RefusedError } from "../errors.ts";
import { type Tuple, showTuple } from "../model/key.ts";
import type { Run } from "../model/run.ts";
import { renderCount } from "../status/render-count.ts";
import { type TableVerification, type Verification, verifyAll } from "../verify/verify-run.ts";
import { mustLoad } from "./begin.ts";
import type { Context } from "./context.ts";
import { catchUp } from "./sync.ts";

export interface CheckResult {
  readonly ok: boolean;
  /** Rows compared. */
  readonly rows: number;
  readonly differences: number;
  /** Rows that kept changing, or that replay did not bring over meanwhile. */
  readonly unsettled: number;
  readonly tables: readonly CheckedTable[];
}

export interface CheckedTable {
  readonly table: string;
  readonly rows: number;
  readonly differences: number;
  readonly unsettled?: number;
  readonly examples?: readonly CheckedRow[];
}

export interface CheckedRow {
  readonly key: string;
  readonly what: "missing" | "extra" | "different";
  readonly columns: readonly string[];
}

const EXAMPLES = 5;

/** Compares both sides, row by row, while a sync may go on in this or another process. */
export async function check(context: Context): Promise<CheckResult> {
  const session = await context.target.session();
  const lockSession = await context.target.session();
  try {
    const run = await mustLoad(session);
    if (run.phase === "new" || run.phase === "copying") {
      if (run.captured) throw notCopied();
    }
    await refuseForeignSource(context, run);
    // Alone, nobody brings over what changes meanwhile: so we do. Beside a running sync, it does.
    const alone = run.captured && run.phase !== "cut-over" && (await tryLock(lockSession));
    if (alone) await catchUp(context, lockSession);
    const verification = await verify(context, session, run, alone ? async () => void (await catchUp(context, lockSession)) : undefined);
    const result = checkResult(verification);
    if (run.captured && run.phase === "syncing") {
      await setVerified(session, run.id, result.ok ? { through: verification.through, totals: { rows: result.rows, differences: 0 } } : null);
    }
    if (alone) await unlock(lockSession);
    return result;
  } finally {
    await session.close();
    await lockSession.close();
  }
}

/** Verifies everything and shows how far it is. */
export async function verify(context: Context, session: TargetSession, run: Run, advance: (() => Promise<void>) | undefined): Promise<Verification> {
  const counts = await session.rows<{ rows: string }>("select coalesce(sum(greatest(rows, copied)), 0)::text as rows from changeover.table_state where run = $1", [run.id]);
  const total = Number(counts[0]?.rows ?? 0);
  let done = 0;
  return verifyAll(
    {
      run: run.id,
      source: context.source,
      session,
      captured: run.captured && run.phase !== "cut-over",
      rowidsDropped: run.phase === "cut-over",
      signal: context.signal,
      onRows(table, rows) {
        done += rows;
        context.report({ kind: "progress", phase: "verify", done, total: Math.max(total, done), unit: "rows", detail: table });
      },
      ...(advance === undefined ? {} : { advance }),
    },
    run.mappings,
  );
}

export function checkResult(verification: Verification): CheckResult {
  const tables = verification.tables.map(checkedTable);
  const sum = (of: (table: CheckedTable) => number) => tables.reduce((total, table) => total + of(table), 0);
  const differences = sum((table) => table.differences);
  const unsettled = sum((table) => table.unsettled ?? 0);
  return { ok: differences === 0 && unsettled === 0, rows: sum((table) => table.rows), differences, unsettled, tables };
}

function checkedTable(table: TableVerification): CheckedTable {
  const differences = table.differences.length + table.extras;
  return {
    table: table.mapping.source,
    rows: table.rows,
    differences,
    ...(table.unsettled === 0 ? {} : { unsettled: table.unsettled }),
    ...(table.differences.length === 0 ? {} : { examples: table.differences.slice(0, EXAMPLES).map(({ key, what, columns }) => ({ key: showTuple(key as Tuple), what, columns })) }),
  };
}

/** The error for a verification that found differences, by table and column. */
export function differencesFound(result: CheckResult): RefusedError {
  const named = result.tables.filter((table) => table.differences > 0).map((table) => `${table.table}: ${renderCount(table.differences, "row")}${columnsOf(table)}`);
  return new RefusedError({
    code: "DIFFERENCES",
    message: `source and target differ: ${named.length === 0 ? `${renderCount(result.unsettled, "row")} kept changing or were not brought over in time` : named.join("; ")}`,
    hint: "`changeover check` names the rows; give the columns a type that holds their values, or correct the values, then start over with `changeover rollback`",
    context: { tables: result.tables.filter((table) => table.differences > 0) },
  });
}

function columnsOf(table: CheckedTable): string {
  const columns = [...new Set((table.examples ?? []).flatMap((example) => example.columns))];
  return columns.length === 0 ? "" : ` (columns ${columns.join(", ")})`;
}

async function refuseForeignSource(context: Context, run: Run): Promise<void> {
  const { owner } = await context.source.read(async (tx) => ({ owner: await captureOwner(tx), last: run.captured ? await lastLogged(tx).catch(() => 0n) : 0n }));
  if (!run.captured || owner?.run === run.id) return;
  throw new RefusedError({
    code: "TARGET_TAKEN",
    message: `the target belongs to a run from ${run.source}, and this source is not captured by it`,
    hint: "give the --source of that run",
    context: { source: run.source },
  });
}

function notCopied(): ChangeoverError {
  return new RefusedError({ code: "NOT_COPIED", message: "the copy has not ended yet: there is nothing to compare", hint: "`changeover sync --until caught-up` ends it; `changeover status` shows how far it is" });
}

