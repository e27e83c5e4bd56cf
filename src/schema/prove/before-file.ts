import { readFileSync } from "node:fs";
import { MigrationFileError, messageOf, UsageError } from "../../errors.ts";
import { openConnection } from "../migrate/migration-connection.ts";

/** SQL that runs before the first migration: another tool's schema, an extension, a dump. */
export interface BeforeFile {
  readonly path: string;
  readonly sql: string;
}

/** Reads a file without psql's commands, of which pg_dump writes some. */
export function readBefore(path: string): BeforeFile {
  try {
    return { path, sql: readFileSync(path, "utf8").replace(/^\\.*$/gm, "") };
  } catch (cause) {
    throw new UsageError({
      code: "BEFORE_UNREADABLE",
      message: `${path} cannot be read: ${messageOf(cause)}`,
      hint: "--before takes a SQL file, such as the output of pg_dump --schema-only",
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
      message: `${path}, which runs before the migrations, failed: ${messageOf(cause)}`,
      hint: "correct it; a dump must not contain rows: pg_dump --schema-only --no-owner",
      context: { file: path },
      cause,
    });
  } finally {
    await connection.close();
  }
}
