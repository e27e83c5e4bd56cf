import { copyFileSync } from "node:fs";
import { dirname } from "node:path";
import Database from "libsql";
import { expect } from "vitest";
import { runCli } from "./cli.ts";
import { sqliteFile, temporaryDirectory } from "./source.ts";
import { emptyDatabase, query } from "./target.ts";

const T = "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT NOT NULL); INSERT INTO t VALUES(1, 'one'), (2, 'two')";

export interface Answer {
  readonly code: number | null;
  readonly stderr: string;
  readonly document: { readonly error?: { readonly code: string; readonly hint: string } } & Record<string, unknown>;
}

/** A run that has caught up and ended, as a person's own commands leave it. */
export async function caughtUpRun() {
  const cwd = temporaryDirectory();
  const { application, path } = await sqliteFile(T, { journalMode: "delete" });
  application.close();
  const target = await emptyDatabase();
  await query(target, "create table t(id bigint primary key, v text not null)");
  const cli = async (source: string | null, ...args: string[]): Promise<Answer> => {
    const ends = [...(source === null ? [] : ["--source", source]), "--target", target];
    const { code, stderr, stdout } = await runCli([...args, ...ends, "--json"], { cwd });
    return { code, stderr, document: JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Answer["document"] };
  };
  expect((await cli(path, "sync", "--until", "caught-up")).code).toBe(0);
  return {
    cli,
    cwd,
    path,
    target,
    directory: dirname(path),
    copyTo(file: string): string {
      copyFileSync(path, file);
      return file;
    },
  };
}

/** The application writes, and closes the file: the libSQL client keeps it open until it is collected as garbage. */
export function writeTo(path: string, sql: string): void {
  const database = new Database(path);
  database.exec(sql);
  database.close();
}

export async function rowsOf(target: string): Promise<Record<string, string>> {
  const rows = await query<{ id: string; v: string }>(target, "select id::text as id, v from t order by id");
  return Object.fromEntries(rows.map(({ id, v }) => [id, v]));
}

export const codeOf = ({ document }: Answer): string => document.error?.code ?? "none";
