import { setTimeout as delay } from "node:timers/promises";
import { InterruptedError, MigrationFileError } from "../../errors.ts";
import { sql } from "../../sql.ts";
import { sqlState } from "../../target/target-error.ts";
import type { Settings } from "./migrate-settings.ts";
import { cancelBackend, type MigrationConnection } from "./migration-connection.ts";

const LOCK_NOT_AVAILABLE = "55P03";
const DEADLOCK = "40P01";
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 8_000;

/**
 * Runs `work` in one transaction, and retries it after a lock timeout. While a statement waits for a lock, the
 * application's queries queue behind it, so it gives up soon and comes back later. Only one complete attempt commits.
 */
export async function runTransaction<T>(
  connection: MigrationConnection,
  settings: Settings,
  begin: () => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      await begin();
      const result = await interruptible(connection, settings.signal, async () => {
        await settings.guard?.begin(connection);
        const done = await work();
        await settings.guard?.commit(connection);
        return done;
      });
      await connection.run("commit");
      return result;
    } catch (error) {
      await connection.run("rollback").catch(() => {});
      if (settings.signal.aborted) throw new InterruptedError();
      const state = sqlState(error);
      if (state !== LOCK_NOT_AVAILABLE && state !== DEADLOCK) throw error;
      if (attempt >= settings.lockAttempts) throw await lockTimeoutError(connection, error, settings, attempt);
      const pause = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      settings.report({
        kind: "step",
        message:
          `could not get a lock within ${settings.lockTimeoutMs} ms, so the transaction was rolled back; retrying in ` +
          `${pause / 1000} s (attempt ${attempt + 1} of ${settings.lockAttempts})`,
      });
      await delay(pause, undefined, { signal: settings.signal }).catch(() => {});
      if (settings.signal.aborted) throw new InterruptedError();
    }
  }
}

/** On abort, the running statement is cancelled at the server. */
async function interruptible<T>(
  connection: MigrationConnection,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const [own] = await connection.rows<{ pid: number }>("select pg_backend_pid() as pid");
  const stop = () => void cancelBackend(connection.url, own?.pid ?? 0).catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function lockTimeoutError(
  connection: MigrationConnection,
  cause: unknown,
  { lockTimeoutMs }: Settings,
  attempts: number,
): Promise<MigrationFileError> {
  const file = cause instanceof MigrationFileError ? cause.context["file"] : undefined;
  const suspects = await openTransactions(connection, lockTimeoutMs).catch(() => []);
  return new MigrationFileError({
    code: "MIGRATION_LOCK_TIMEOUT",
    message:
      `${typeof file === "string" ? `migration ${file}` : "a migration"} needs a lock that others held for more ` +
      `than ${lockTimeoutMs} ms in each of ${attempts} ` +
      `attempts${suspects.length === 0 ? "" : ` (open for longer: ${suspects.join("; ")})`}. It was rolled back`,
    hint:
      "end the transaction that holds it, or wait for it. Then run the same command again, with more " +
      "--lock-attempts or, if your queries may wait behind it, a longer --lock-timeout",
    context: { file, sqlState: LOCK_NOT_AVAILABLE, attempts },
    cause,
  });
}

async function openTransactions(connection: MigrationConnection, longer: number): Promise<string[]> {
  const rows = await connection.rows<{
    pid: number;
    application: string;
    role: string;
    state: string;
    seconds: number;
  }>(sql("target/open-transactions"), [longer]);
  return rows.map(
    ({ application, pid, role, seconds, state }) =>
      `${application} as ${role}, process ${pid} of the server, ${state}, for ${seconds} s`,
  );
}
