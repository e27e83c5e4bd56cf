import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, RefusedError } from "../../errors.ts";

export const MANIFEST = "manifest.json";
const FORMAT = 1;

/** What a backup of rows says of itself: `manifest.json` beside the files of rows. */
export interface Manifest {
  readonly format: typeof FORMAT;
  readonly changeover: string;
  readonly madeAt: string;
  readonly by: { readonly user: string; readonly host: string; readonly role: string };
  readonly database: string;
  readonly serverVersion: string;
  /** Files that were undone, and perhaps applied again, in the transaction that this was made in. */
  readonly migrations: readonly { readonly name: string; readonly direction: "up" | "down" }[];
  /** What the text of values of type money depends on. */
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
  /** COPY text, gzip. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface TableBackup extends BackupFile {
  readonly how: "dropped" | "emptied";
  /** In the order of the file. */
  readonly columns: readonly BackupColumn[];
}

/** Columns of a table that stays, with the key that finds its rows: the file has the key's columns first. */
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
  /** The column that it serves: its own name may be another one after the migration is applied again. */
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
    throw notABackup(directory, `${MANIFEST} is something else`);
  if (manifest.format !== FORMAT)
    throw notABackup(directory, `its format is ${String(manifest.format)}, and this changeover reads ${FORMAT}`);
  return manifest as Manifest;
}

function notABackup(directory: string, why: string, cause?: unknown): RefusedError {
  return new RefusedError({
    code: "RESTORE_NOT_A_BACKUP",
    message: `${directory} is not a backup of rows: ${why}`,
    hint: "give the directory that `changeover down` named when it wrote the backup; one whose name ends in .unfinished is none",
    context: { directory },
    cause,
  });
}
