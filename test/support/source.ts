import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createClient } from "@libsql/client";
import { onTestFinished } from "vitest";

/** A directory of its own, gone when the test has ended, or what else `ended` waits for: `afterAll`, say. */
export function temporaryDirectory(ended: (done: () => void) => void = onTestFinished): string {
  const directory = mkdtempSync(join(tmpdir(), "changeover-"));
  ended(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A SQLite file made by the given statements, and a client that stands for the application. */
export async function sqliteFile(
  statements: string,
  options: { readonly journalMode?: "wal" | "delete" } = {},
): Promise<{ readonly path: string; readonly application: Client }> {
  const path = join(temporaryDirectory(), "app.db");
  const application = createClient({ url: `file:${path}`, intMode: "bigint", timeout: 5_000, concurrency: 1 });
  onTestFinished(() => application.close());
  await application.execute(`PRAGMA journal_mode = ${options.journalMode ?? "wal"}`);
  await application.executeMultiple(statements);
  return { path, application };
}
