import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@libsql/client";
import { onTestFinished } from "vitest";

/**
 * What registers something for the end of a test. Vitest's own takes, of tests that run at once, any for the present
 * one.
 */
export type Ended = (done: () => void) => void;

/** A directory of its own, gone when the test has ended, or what else `ended` waits for: `afterAll`, say. */
export function temporaryDirectory(ended: Ended = onTestFinished): string {
  const directory = mkdtempSync(join(tmpdir(), "changeover-"));
  ended(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/**
 * A SQLite file made by the given statements, and a client that stands for the application. Tests that run at once say
 * whose end it is.
 */
export async function sqliteFile(
  statements: string,
  { ended = onTestFinished, ...options }: { readonly journalMode?: "wal" | "delete"; readonly ended?: Ended } = {},
): Promise<{ readonly path: string; readonly application: Client }> {
  const path = join(temporaryDirectory(ended), "app.db");
  const application = createClient({ url: `file:${path}`, intMode: "bigint", timeout: 5_000, concurrency: 1 });
  ended(() => application.close());
  await application.execute(`PRAGMA journal_mode = ${options.journalMode ?? "wal"}`);
  await application.executeMultiple(statements);
  return { path, application };
}
