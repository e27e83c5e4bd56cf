import { InterruptedError, MigrationFileError } from "../../errors.ts";
import { doubling, withRetry } from "../../retry.ts";
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
  const { guard, lockAttempts, lockTimeoutMs, report, signal } = settings;
  let attempts = 0;
  const attempt = async () => {
    attempts++;
    try {
      await begin();
      const result = await interruptible(connection, signal, async () => {
        await guard?.begin(connection);
        const done = await work();
        await guard?.commit(connection);
        return done;
      });
      await connection.run("commit");
      return result;
    } catch (error) {
      await connection.run("rollback").catch(() => {});
      throw error;
    }
  };
  try {
    return await withRetry(attempt, {
      delays: doubling(FIRST_PAUSE_MS, MAX_PAUSE_MS, lockAttempts - 1),
      retryIf: (error) => isLockFailure(error) && !signal.aborted,
      onRetry: (_, pauseMs) =>
        report({
          kind: "step",
          message:
            `could not get a lock within ${lockTimeoutMs} ms, so the transaction was rolled back; retrying in ` +
            `${pauseMs / 1000} s (attempt ${attempts + 1} of ${lockAttempts})`,
        }),
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw new InterruptedError();
    throw isLockFailure(error) ? await lockTimeoutError(connection, error, settings, attempts) : error;
  }
}

function isLockFailure(error: unknown): boolean {
  return [LOCK_NOT_AVAILABLE, DEADLOCK].includes(sqlState(error) ?? "");
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
