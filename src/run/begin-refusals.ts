import { captureMissing } from "../capture/drift-error.ts";
import { captureOwner, probeWrite, sourceInUse } from "../capture/install.ts";
import { RefusedError } from "../errors.ts";
import type { Finding } from "../model/proposal.ts";
import type { Run } from "../model/run.ts";
import { isPending, migrationStatus } from "../schema/migrate/migration-status.ts";
import type { TargetSession } from "../target/target.ts";
import type { BeginOptions } from "./begin.ts";
import type { Context } from "./context.ts";

/** What can be said of the source before the target is touched: it is nobody's yet, and can be written to. */
export async function refuseUnusable(context: Context, options: BeginOptions): Promise<void> {
  const owner = await context.source.read(captureOwner);
  if (owner !== null) throw sourceInUse(context.source.location, owner);
  if (options.capture) await probeWrite(context.source);
}

export async function refusePending(context: Context, session: TargetSession): Promise<void> {
  const pending = (await migrationStatus(session, context.migrations)).filter(isPending);
  if (pending.length === 0) return;
  throw new RefusedError({
    code: "MIGRATIONS_PENDING",
    message:
      `${pending.length} migration${pending.length === 1 ? " is" : "s are"} not applied to the target: ` +
      `${pending.map(({ name }) => name).join(", ")}`,
    hint: "apply them with `changeover up`; then run the same command again",
    context: { pending: pending.map(({ name }) => name) },
  });
}

export function refuseOther(context: Context, run: Run, owner: string | null, options: BeginOptions): void {
  if (owner !== null && owner !== run.id) {
    throw new RefusedError({
      code: "TARGET_IN_USE",
      message: `the target belongs to a run from ${run.source}`,
      hint: "give the --source of that run, or another --target; `changeover rollback` ends that run",
      context: { source: run.source },
    });
  }
  if (run.captured !== options.capture) {
    throw new RefusedError({
      code: "RUN_OTHER_KIND",
      message: run.captured
        ? "this run captures changes; `changeover data` is for a source at rest"
        : "this target was loaded by `changeover data`, without capture: later changes of the source are not known",
      hint: run.captured ? "go on with `changeover sync`" : "start over: `changeover rollback`, then `changeover sync`",
    });
  }
  if (run.captured && owner === null && run.sourceSchema !== null && run.phase !== "cut-over") {
    throw captureMissing(context.source.location);
  }
}

/** Throws where a blocking finding stands that no rule has settled. */
export function refuseBlockingFindings(findings: readonly Finding[]): void {
  const blocking = findings.filter(({ severity }) => severity === "blocking");
  if (blocking.length === 0) return;
  const named = blocking.map(
    ({ code, table, column, message }) =>
      `${code}${table === "" ? "" : ` in ${table}`}${column === undefined ? "" : `, column ${column}`}: ${message}`,
  );
  throw new RefusedError({
    code: "BLOCKING_FINDINGS",
    message: `what the source holds and what the target takes do not fit: ${named.join("; ")}`,
    hint:
      `${blocking[0]?.hint ?? "correct it in the source"}. \`changeover validate\` lists all findings, ` +
      `with the rules that answer them; --accept CODE lets one pass`,
    context: { findings: blocking },
  });
}
