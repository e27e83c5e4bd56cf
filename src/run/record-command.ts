import { ChangeoverError, InterruptedError } from "../errors.ts";
import type { Guard } from "../schema/migrate/migrate-settings.ts";
import { withConnection } from "../schema/migrate/migration-connection.ts";
import type { TargetStatements } from "../target/target.ts";
import type { Context } from "./context.ts";
import { JobRecord } from "./history/job-record.ts";
import type { Details } from "./history/store.ts";

/** What the history keeps of a command's result. */
export interface HistoryDetails {
  /** False: the answer was no. */
  readonly ok?: boolean;
  readonly code?: string | null;
  readonly details?: Details;
}

export interface Recorded<T> {
  readonly command: string;
  readonly details?: Details;
  readonly keep: (result: T) => HistoryDetails;
}

/**
 * Runs a command of the journey and notes it in the target's history: its beginning, once there is a history, and how
 * it ended.
 */
export async function recorded<T>(
  context: Context,
  options: Recorded<T>,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  if (context.keepsHistory !== true) return work(context);
  const record = new JobRecord({
    command: options.command,
    details: options.details ?? {},
    apart: (write) => apart(context, write),
  });
  // Not a spread: that would open what is opened when first asked for.
  const own = Object.create(context, { record: { value: record } }) as Context;
  try {
    const result = await work(own);
    const { ok, code, details } = options.keep(result);
    await record.end({ outcome: ok === false ? "not-done" : "done", code: code ?? null, details: details ?? {} });
    return result;
  } catch (error) {
    await record.end({
      outcome: error instanceof InterruptedError ? "interrupted" : "failed",
      code: error instanceof ChangeoverError ? error.code : "BUG",
      details: {},
    });
    throw error;
  }
}

/** Begins the entry with the first transaction of migrations, since only then is our schema there. */
export function recordGuard({ record }: Context): Guard {
  return {
    async begin(tx) {
      await record?.beginBeside(tx);
    },
    async statements() {},
    async commit() {},
  };
}

async function apart(context: Context, work: (target: TargetStatements) => Promise<void>): Promise<void> {
  await withConnection(context.targetUrl, async (connection) => {
    await connection.run("begin");
    await work(connection);
    await connection.run("commit");
  });
}
