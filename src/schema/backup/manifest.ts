import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, RefusedError } from "../../errors.ts";

export const MANIFEST = "manifest.json";
const FORMAT = 1;

/** The description of a row backup: `manifest.json` next to the files with rows. */
export interface Manifest {
  readonly format: typeof FORMAT;
  readonly changeover: string;
  readonly madeAt: string;
  readonly by: { readonly user: string; readonly host: string; readonly role: string };
  readonly database: string;
  readonly serverVersion: string;
  /** Migrations that were undone, and perhaps applied again, in the transaction of the backup. */
  readonly migrations: readonly { readonly name: string; readonly direction: "up" | "down" }[];
  /** lc_monetary, on which the text of type money depends. */
  readonly monetary: string;
  readonly tables: readonly TableBackup[];
  readonly columns: readonly ColumnsBackup[];
  readonly sequences: readonly SequenceBackup[];
}

interface BackupFile {
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
  readonly rows: number;
  /** Gzipped COPY text. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface TableBackup extends BackupFile {
  readonly how: "dropped" | "emptied";
  /** In the order of the fields in the file. */
  readonly columns: readonly BackupColumn[];
}

/** Columns of a remaining table, with the key that finds its rows. The key's fields come first in the file. */
export interface ColumnsBackup extends BackupFile {
  readonly key: readonly BackupColumn[];
  readonly columns: readonly BackupColumn[];
}

export interface BackupColumn {
  readonly name: string;
  readonly type: string;
}

export interface SequenceBackup {
  readonly schema: string;
  readonly name: string;
  /** The column that uses it: the sequence may have another name after the migration is applied again. */
  readonly of: { readonly schema: string; readonly table: string; readonly column: string } | null;
  readonly lastValue: string;
  readonly isCalled: boolean;
}

export function newManifest(manifest: Omit<Manifest, "format">): Manifest {
  return { format: FORMAT, ...manifest };
}

export async function readManifest(directory: string): Promise<Manifest> {
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(await readFile(join(directory, MANIFEST), "utf8")) as Partial<Manifest>;
  } catch (cause) {
    throw notABackup(directory, messageOf(cause), cause);
  }
  if (
    manifest === null ||
    typeof manifest !== "object" ||
    !Array.isArray(manifest.tables) ||
    !Array.isArray(manifest.columns) ||
    !Array.isArray(manifest.sequences)
  )
    throw notABackup(directory, `${MANIFEST} is not a manifest`);
  if (manifest.format !== FORMAT)
    throw notABackup(directory, `its format is ${String(manifest.format)}, but this changeover reads ${FORMAT}`);
  return manifest as Manifest;
}

function notABackup(directory: string, why: string, cause?: unknown): RefusedError {
  return new RefusedError({
    code: "RESTORE_NOT_A_BACKUP",
    message: `${directory} is not a backup of rows: ${why}`,
    hint: "give the directory that `changeover down` printed; a directory ending in .unfinished is not a backup",
    context: { directory },
    cause,
  });
}
