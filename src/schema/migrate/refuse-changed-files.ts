import { MigrationFileError } from "../../errors.ts";
import { isFollowFile } from "../../follow/follow-name.ts";
import { type MigrationState, type MigrationStatus, migrationStatusOf } from "./migration-status.ts";
import { renderChange } from "./render-change.ts";

export interface FileChecks {
  readonly direction: "up" | "down" | "redo";
  /** Accept files that changed since they were applied. */
  readonly acceptChanged: boolean;
  /** Refuse pending files before applied ones. */
  readonly checkOrder: boolean;
}

export function checksOf(
  options: { readonly acceptChanged?: boolean; readonly checkOrder?: boolean },
  direction: FileChecks["direction"],
): FileChecks {
  return { direction, acceptChanged: options.acceptChanged === true, checkOrder: options.checkOrder !== false };
}

const SHOWN_LINES = 40;

/** Throws, before anything runs, if the files differ from the applied ones. */
export function refuseChangedFiles(state: MigrationState, { acceptChanged, checkOrder, direction }: FileChecks): void {
  const status = migrationStatusOf(state);
  const missing = status.filter((migration) => migration.state === "missing");
  if (missing.length > 0) throw filesMissing(missing);
  const changed = status.filter((migration) => migration.state === "changed");
  if (changed.length > 0 && !acceptChanged) throw filesChanged(state, changed);
  const early = status.filter(
    (one, index) => one.state === "out-of-order" && !isPassedBySync(one, status.slice(index)),
  );
  if (early.length > 0 && checkOrder && direction === "up") throw outOfOrder(early, status);
}

/**
 * Whether a file of the sync waits for a person, while the sync has applied others, of other tables: their order is of
 * no account. A file of a person may need what the waiting one makes.
 */
function isPassedBySync({ name }: MigrationStatus, from: readonly MigrationStatus[]): boolean {
  return isFollowFile(name) && from.every((later) => later.appliedAt === null || isFollowFile(later.name));
}

function filesMissing(missing: readonly MigrationStatus[]): MigrationFileError {
  const [first] = missing;
  const recordedOne = missing.find(({ recorded }) => recorded);
  return new MigrationFileError({
    code: "MIGRATION_MISSING",
    message: `applied, but missing from the directory: ${missing.map(applied).join(", ")}`,
    hint:
      recordedOne === undefined
        ? "restore the file from version control or another copy"
        : `restore the file: \`changeover migrations --show ${recordedOne.name}\` prints it as it was applied`,
    context: { file: first?.name, files: missing.map(({ name }) => name) },
  });
}

function filesChanged(state: MigrationState, changed: readonly MigrationStatus[]): MigrationFileError {
  const diffs = changed.flatMap(({ name }) => {
    const [record, file] = [state.records.get(name), state.files.find((candidate) => candidate.name === name)];
    return record === undefined || file === undefined ? [] : [renderChange(record, file, SHOWN_LINES)];
  });
  return new MigrationFileError({
    code: "MIGRATION_CHANGED",
    message:
      `changed since ${changed.length === 1 ? "it was" : "they were"} applied: ` +
      `${changed.map(applied).join(", ")}\n${diffs.join("\n")}`,
    hint:
      `restore the applied text (\`changeover migrations --show ${changed[0]?.name}\` prints it) and make the ` +
      "change in a new file (`changeover new NAME`); if it makes no difference to the database, give " +
      "--accept-changed",
    context: { file: changed[0]?.name, files: changed.map(({ name }) => name) },
  });
}

function applied({ name, appliedAt, appliedBy }: MigrationStatus): string {
  return `${name} (${appliedAt?.replace("T", " ")}${appliedBy === null ? "" : `, by ${appliedBy}`})`;
}

function outOfOrder(early: readonly MigrationStatus[], status: readonly MigrationStatus[]): MigrationFileError {
  const last = status.findLast(({ appliedAt }) => appliedAt !== null);
  return new MigrationFileError({
    code: "MIGRATION_OUT_OF_ORDER",
    message: `not applied, although a later one (${last?.name}) is: ${early.map(({ name }) => name).join(", ")}`,
    hint:
      "rename the file so that it comes last: a new database made from these files would otherwise apply them in " +
      "another order than this one. --no-check-order applies it nevertheless",
    context: { file: early[0]?.name, files: early.map(({ name }) => name) },
  });
}
