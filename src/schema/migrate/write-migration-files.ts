import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { MigrationFileError, messageOf } from "../../errors.ts";

/** Writes new files, all or none: half a set would be taken for the whole one. Returns their paths. */
export function writeMigrationFiles(
  directory: string,
  files: readonly { readonly name: string; readonly text: string }[],
): string[] {
  const written: string[] = [];
  try {
    mkdirSync(directory, { recursive: true });
    for (const { name, text } of files) {
      const path = join(directory, name);
      writeFileSync(path, text, { flag: "wx" });
      written.push(path);
    }
    return written;
  } catch (cause) {
    for (const path of written) rmSync(path, { force: true });
    throw notWritten(directory, cause);
  }
}

/** Before minutes of work: whether files could be written there, as far as permissions say. */
export function refuseUnwritable(directory: string): void {
  const place = nearestThatExists(resolve(directory));
  try {
    if (!statSync(place).isDirectory()) throw new Error(`${place} is not a directory`);
    accessSync(place, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw notWritten(directory, cause);
  }
}

function nearestThatExists(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestThatExists(dirname(path));
}

function notWritten(directory: string, cause: unknown): MigrationFileError {
  return new MigrationFileError({
    code: "MIGRATION_NOT_WRITTEN",
    message: `migration files cannot be written to ${directory}: ${messageOf(cause)}`,
    hint: "make the directory writable, or name another one with --migrations-dir",
    context: { directory },
    cause,
  });
}
