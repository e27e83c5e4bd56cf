import { readFileSync } from "node:fs";
import { MigrationFileError, messageOf, UsageError } from "../../errors.ts";
import { openConnection } from "../migrate/connection.ts";

/** What a database holds before the first migration: another tool's schema, an extension, a dump. */
export interface BeforeFile {
  readonly path: string;
  readonly sql: string;
}

/** The SQL of a file, without the lines that are psql's own: pg_dump writes some. */
export function readBefore(path: string): BeforeFile {
  try {
    return { path, sql: readFileSync(path, "utf8").replace(/^\\.*$/gm, "") };
  } catch (cause) {
    throw new UsageError({
      code: "BEFORE_UNREADABLE",
      message: `${path} cannot be read: ${messageOf(cause)}`,
      hint: "--before takes a file with SQL, such as pg_dump --schema-only makes",
      cause,
    });
  }
}

export async function runBefore(url: string, { path, sql }: BeforeFile): Promise<void> {
  const connection = await openConnection(url);
  try {
    await connection.run(sql);
  } catch (cause) {
    throw new MigrationFileError({
      code: "BEFORE_FAILED",
      message: `${path}, which is to run before the migrations, failed: ${messageOf(cause)}`,
      hint: "correct it; of a dump, rows cannot be read here: pg_dump --schema-only --no-owner",
      context: { file: path },
      cause,
    });
  } finally {
    await connection.close();
  }
}
