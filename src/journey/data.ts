import { restore, validateForeignKeys } from "../db/suspended.ts";
import { RefusedError } from "../errors.ts";
import { autoincrementCounters, setSequences } from "../cutover/set-sequences.ts";
import type { SourceBackup } from "./back-up-source.ts";
import { beginRun, mustLoad } from "./begin.ts";
import { type CheckResult, checkResult, verify } from "./check.ts";
import { type Context, persistently } from "./context.ts";
import { load } from "./load.ts";

/** Copies a source at rest, puts everything back on the target and compares both sides. Nothing is added to the source. */
export async function loadAtRest(context: Context, backup?: SourceBackup): Promise<CheckResult> {
  return persistently(context, async (session) => {
    const before = await context.source.read(fileVersion);
    await beginRun(context, session, { capture: false, backup });
    await load(context, session);
    const run = await mustLoad(session);
    const counters = await autoincrementCounters(context.source);
    await session.transaction((tx) => setSequences(tx, run.mappings, counters));
    await restore(session, run.id, ["cutover"]);
    await validateForeignKeys(session, run.id);
    const second = await context.target.session();
    const result = checkResult([await verify(context, second, run)]);
    await second.close();
    if (before !== (await context.source.read(fileVersion))) throw notAtRest();
    return result;
  });
}

/** Counts commits by other connections, as this connection sees them. */
async function fileVersion(tx: { rows(sql: string): Promise<readonly (readonly unknown[])[]> }): Promise<string> {
  const [row] = await tx.rows("PRAGMA data_version");
  return String(row?.[0]);
}

function notAtRest(): RefusedError {
  return new RefusedError({
    code: "SOURCE_NOT_AT_REST",
    message: "the source was written to during the copy, and without capture those changes are not known",
    hint: "stop the application and start over: `changeover rollback`, then `changeover data`; or use `changeover sync`, which lets it write",
  });
}
