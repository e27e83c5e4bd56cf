import { createHash, randomBytes } from "node:crypto";
import { link, open, readdir, rename, rm, stat, statfs } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ChangeoverError, messageOf, RefusedError } from "../errors.ts";
import type { Report } from "../log.ts";
import { sql } from "../sql.ts";
import { openSource, type Source } from "./source.ts";

export interface SourceCopy {
  readonly file: string;
  readonly bytes: number;
  readonly durationMs: number;
}

const UNFINISHED = ".unfinished";

/** Throws if the source cannot be backed up into `file`. */
export async function refuseCopy(source: Source, file: string): Promise<void> {
  const path = resolve(file);
  if (source.path === null) {
    throw new RefusedError({
      code: "BACKUP_REMOTE",
      message: `${source.location} is a libSQL server, changeover cannot copy its file`,
      hint:
        "take the backup at the server (`turso db shell NAME .dump > backup.sql`, or a copy of its volume), and " +
        "omit --backup",
    });
  }
  if ((await stat(path).catch(() => null)) !== null) {
    throw new RefusedError({
      code: "BACKUP_EXISTS",
      message: `${path} exists already, and a backup never overwrites a file`,
      hint: "give --backup another name, or omit it if this file is the backup",
      context: { file: path },
    });
  }
  const directory = await stat(dirname(path)).catch(() => null);
  if (directory?.isDirectory() !== true)
    throw new RefusedError({
      code: "BACKUP_DIRECTORY",
      message: `the directory ${dirname(path)} does not exist`,
      hint: "create it, or give --backup a path in an existing directory",
      context: { file: path },
    });
  await refuseWithoutSpace(source, path);
}

/**
 * Copies the source, as one snapshot, while the application writes. The file gets its name only once it is complete,
 * checked and on disk. An interrupted backup leaves nothing that looks like one.
 */
export async function copySource(source: Source, file: string, report: Report): Promise<SourceCopy> {
  await refuseCopy(source, file);
  const path = resolve(file);
  for (const leftover of await unfinishedCopiesOf(path))
    report({ kind: "warning", message: `${leftover} was left by an interrupted backup: remove it` });
  const mode = await source.read(async (tx) => String((await tx.rows("PRAGMA journal_mode"))[0]?.[0]));
  if (mode !== "wal")
    report({
      kind: "warning",
      message: `the source's journal mode is ${mode}: the application's commits wait while the backup is written`,
    });
  const started = performance.now();
  const temporary = `${path}.${randomBytes(4).toString("hex")}${UNFINISHED}`;
  try {
    await createAs(temporary, source.path ?? path);
    const before = await schemaDigest(source);
    await source.copyInto(temporary);
    await verifyCopy(temporary, [before, await schemaDigest(source)]);
    const bytes = await finish(temporary, mode);
    await publish(temporary, path);
    return { file: path, bytes, durationMs: Math.round(performance.now() - started) };
  } catch (error) {
    throw copyFailed(error, source, path);
  } finally {
    for (const ending of ["", "-wal", "-shm", "-journal"]) await rm(`${temporary}${ending}`, { force: true });
  }
}

async function refuseWithoutSpace(source: Source, path: string): Promise<void> {
  const needed = await source.read(async (tx) => {
    const number = async (pragma: string) => Number((await tx.rows(`PRAGMA ${pragma}`))[0]?.[0] ?? 0);
    return ((await number("page_count")) - (await number("freelist_count"))) * (await number("page_size"));
  });
  const { bavail, bsize } = await statfs(dirname(path));
  const free = Number(bavail) * Number(bsize);
  if (free > needed) return;
  throw new RefusedError({
    code: "BACKUP_NO_SPACE",
    message: `the backup needs ${megabytes(needed)} MB, and ${dirname(path)} has ${megabytes(free)} MB free`,
    hint: "give --backup a path on another disk, or free some space",
    context: { file: path, needed, free },
  });
}

function megabytes(bytes: number): string {
  return Math.ceil(bytes / 1e6).toLocaleString("en-US");
}

async function unfinishedCopiesOf(path: string): Promise<string[]> {
  const names = await readdir(dirname(path));
  return names
    .filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith(UNFINISHED))
    .map((name) => join(dirname(path), name));
}

/** The backup gets the source's permissions before any byte is written: who cannot read one must not read the other. */
async function createAs(temporary: string, original: string): Promise<void> {
  const { mode } = await stat(original);
  const file = await open(temporary, "wx", 0o600);
  await file.chmod(mode & 0o666);
  await file.close();
}

/**
 * Digest of all schema objects. The schema may change during the copy, so the copy has it as it was before or after.
 */
async function schemaDigest(source: Source): Promise<string> {
  const rows = await source.read((tx) => tx.rows(sql("source/schema-text")));
  const hash = createHash("sha256");
  for (const [text] of rows)
    hash.update(text instanceof ArrayBuffer ? new Uint8Array(text) : String(text)).update("\n");
  return hash.digest("hex");
}

async function verifyCopy(temporary: string, schemas: readonly string[]): Promise<void> {
  const copy = openSource({ url: temporary });
  try {
    const [verdict] = await copy.read((tx) => tx.rows("PRAGMA quick_check(1)"));
    if (verdict?.[0] !== "ok")
      throw new Error("SQLite's quick_check reports that the copy is damaged; check the source, too");
    if (!schemas.includes(await schemaDigest(copy)))
      throw new Error("the schema of the copy differs from the source's");
  } finally {
    copy.close();
  }
}

/** SQLite's file header: read and write version, 2 means WAL. */
const VERSIONS_AT = 18;
const WAL_VERSIONS = Uint8Array.of(2, 2);

/** Syncs the file and restores the journal mode, which VACUUM INTO does not keep. */
async function finish(temporary: string, mode: string): Promise<number> {
  const file = await open(temporary, "r+");
  if (mode === "wal") await file.write(WAL_VERSIONS, 0, WAL_VERSIONS.length, VERSIONS_AT);
  await file.sync();
  const { size } = await file.stat();
  await file.close();
  return size;
}

/** Uses a link, since a rename would overwrite a file that appeared meanwhile. Not every file system has links. */
async function publish(temporary: string, path: string): Promise<void> {
  await link(temporary, path).catch(async (error: unknown) => {
    if ((await stat(path).catch(() => null)) !== null) throw error;
    await rename(temporary, path);
  });
  const directory = await open(dirname(path), "r");
  await directory.sync();
  await directory.close();
}

function copyFailed(error: unknown, source: Source, path: string): ChangeoverError {
  if (error instanceof ChangeoverError && !/^SOURCE_(?!BUSY)/.test(error.code)) return error;
  return new RefusedError({
    code: "BACKUP_FAILED",
    message: `the backup of ${source.location} failed, and nothing else was changed: ${messageOf(error)}`,
    hint:
      "a common cause is a full disk or a damaged source (`PRAGMA integrity_check`); then run the same command " +
      "again, with --backup on another disk if needed",
    context: { file: path },
    cause: error,
  });
}
