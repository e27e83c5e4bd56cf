import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { compareMigrationFileNames } from "node-pg-migrate/utils/comparators";
import { MigrationFileError, messageOf, UsageError } from "../../errors.ts";
import { refuseForeignFiles } from "./foreign-files.ts";
import type { MigrationPlace } from "./migration-place.ts";

/** A migration file on disk. */
export interface MigrationFile {
  /** Without extension, as in node-pg-migrate's table. */
  readonly name: string;
  readonly file: string;
  readonly path: string;
  readonly text: string;
  readonly checksum: string;
}

const EXTENSIONS = /\.(sql|js|ts|mjs|cjs|mts|cts)$/;

/**
 * The migration files of a directory, in the order in which node-pg-migrate runs them. Empty if the directory does not
 * exist.
 */
export function readMigrationFiles(directory: string, ignorePattern?: string): MigrationFile[] {
  return checkedFiles(
    directory,
    fileNames(directory, ignorePattern).map((file) => join(directory, file)),
  );
}

/** The same for a place, which may be a glob pattern. */
export async function migrationFilesOf(place: MigrationPlace): Promise<MigrationFile[]> {
  const { directory, files, ignorePattern, useGlob } = place;
  if (files !== undefined) return [...files];
  if (useGlob !== true) return readMigrationFiles(directory, ignorePattern);
  const { getMigrationFilePaths } = await import("node-pg-migrate/migration");
  const paths = await getMigrationFilePaths(directory, {
    useGlob,
    logger: SILENT,
    ...(ignorePattern === undefined ? {} : { ignorePattern }),
  }).catch((cause: unknown) => {
    throw badName(messageOf(cause), directory, directory);
  });
  return checkedFiles(
    directory,
    paths.filter((path) => EXTENSIONS.test(path) && !path.endsWith(".d.ts")),
  );
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

function checkedFiles(directory: string, paths: readonly string[]): MigrationFile[] {
  const files = paths.map((path) => {
    const file = basename(path);
    const text = textOf(path);
    return { name: file.replace(EXTENSIONS, ""), file, path, text, checksum: checksumOf(text) };
  });
  const seen = new Set<string>();
  const duplicate = files.find(({ name }) => seen.size === seen.add(name).size);
  if (duplicate !== undefined) throw badName(`two files are named ${duplicate.name}`, directory, duplicate.file);
  refuseForeignFiles(directory, files);
  return files;
}

/** Names of the migration files, without extensions, in order. */
export function migrationNames(directory: string, ignorePattern?: string): string[] {
  return fileNames(directory, ignorePattern).map((file) => file.replace(EXTENSIONS, ""));
}

/** Whether a directory holds migrations in node-pg-migrate's format, rather than those of another tool. */
export function isMigrationsDirectory(directory: string): boolean {
  if (!existsSync(directory)) return false;
  return filesIn(directory).some((file) => isMigration(file, () => textOf(join(directory, file))));
}

/** The text of each SQL file there. */
export function migrationTexts(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return filesIn(directory)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => textOf(join(directory, file)));
}

/** What is in a directory of migrations, whatever it is. */
export function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (cause) {
    throw unreadable(directory, cause);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): MigrationFileError {
  return new MigrationFileError({
    code: "MIGRATIONS_UNREADABLE",
    message: `${path} cannot be read: ${messageOf(cause)}`,
    hint: "migrations are files in a directory: correct its permissions, or name another one with --migrations-dir",
    context: { path },
    cause,
  });
}

function isMigration(file: string, text: () => string): boolean {
  if (file.endsWith(".sql")) return /^\s*--[\s-]*up\s+migration/im.test(text());
  return EXTENSIONS.test(file) && /^\d/.test(file) && /\bpgm\b/.test(text());
}

/**
 * SHA-256 of a file's text, ignoring line endings, which git may change, and a byte order mark, which an editor may
 * add.
 */
export function checksumOf(text: string): string {
  return createHash("sha256").update(normalised(text)).digest("hex");
}

export function normalised(text: string): string {
  return text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
}

/** node-pg-migrate's order; names without a number, which it does not know, come last. */
export function compareNames(a: string, b: string): number {
  if (!/^\d/.test(a) || !/^\d/.test(b))
    return Number(/^\d/.test(b)) - Number(/^\d/.test(a)) || a.localeCompare(b, "en");
  return compareMigrationFileNames(a, b);
}

function fileNames(directory: string, ignorePattern?: string): string[] {
  if (!existsSync(directory)) return [];
  const ignored = ignorePattern === undefined || ignorePattern === "" ? /^\./ : ignoring(ignorePattern);
  const files = filesIn(directory).filter(
    (file) => !ignored.test(file) && !file.endsWith(".d.ts") && EXTENSIONS.test(file),
  );
  const unnumbered = files.find((file) => !/^\d/.test(file));
  if (unnumbered !== undefined)
    throw badName(`${unnumbered} does not begin with a number, so its order is undefined`, directory, unnumbered);
  return files.sort(compareNames);
}

/** As in node-pg-migrate: the pattern is the whole name's. */
function ignoring(pattern: string): RegExp {
  try {
    return new RegExp(`^${pattern}$`);
  } catch (cause) {
    throw new UsageError({
      code: "USAGE",
      message: `--ignore-pattern is not a regular expression: ${messageOf(cause)}`,
      hint: "it must match a file's whole name, such as '.*\\.test\\.ts'; with --use-glob it is a glob pattern",
      cause,
    });
  }
}

function badName(problem: string, directory: string, file: string): MigrationFileError {
  return new MigrationFileError({
    code: "MIGRATION_NAME",
    message: `${problem} (in ${directory})`,
    hint: "rename it, or move it elsewhere; `changeover new NAME` creates a file with the next free number",
    context: { directory, file },
  });
}
