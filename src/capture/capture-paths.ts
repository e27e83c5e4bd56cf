import type { Tuple } from "../model/key.ts";
import type { SourceIndex } from "../model/source-schema.ts";
import type { CapturedTable } from "./render-triggers.ts";
import type { Origin, TrialRow, TrialTable } from "./trial-table.ts";

/** One way in which a statement can change rows. */
export interface CapturePath {
  readonly name: string;
  /** Changes rows in this way; the first of them has the given origin. Null if this origin is not possible. */
  readonly exercise: (table: TrialTable, origin: Origin) => Promise<Exercised | null>;
}

export interface Exercised {
  readonly since: bigint;
  readonly keys: readonly Tuple[];
  readonly changed: boolean;
}

/** All ways in which the table's schema allows its rows to change. */
export function capturePaths(captured: CapturedTable): CapturePath[] {
  const { indexes } = captured.table;
  return [...PLAIN_PATHS, ...rowidPaths(captured), ...indexes.filter(({ unique }) => unique).flatMap(indexPaths)];
}

const PLAIN_PATHS: readonly CapturePath[] = [
  { name: "INSERT", exercise: insert },
  {
    name: "UPDATE",
    exercise: withRow(async (trial, row) => {
      await trial.touch(row);
      return true;
    }),
  },
  { name: "UPDATE of the key", exercise: changeKey },
  {
    name: "DELETE",
    exercise: withRow(async (trial, row) => {
      await trial.remove(row);
      return !(await trial.isUnchanged(row));
    }),
  },
];

function rowidPaths({ table, identity }: CapturedTable): CapturePath[] {
  if (table.rowidName === null && table.rowidAlias === null) return [];
  const isKey =
    identity.kind === "rowid" ||
    (table.rowidAlias !== null && identity.columns.length === 1 && identity.columns[0] === table.rowidAlias);
  const paths: CapturePath[] = [
    { name: "INSERT with a rowid that SQLite assigns", exercise: insertAssigned },
    {
      name: "INSERT OR REPLACE through the rowid",
      exercise: withRow(async (trial, row) => {
        await trial.insertLike(row, { keep: [], rowid: row.rowid ?? "", orReplace: true });
        return !(await trial.isUnchanged(row));
      }),
    },
    {
      name: "UPDATE OR REPLACE through the rowid",
      exercise: withTwoRows((trial, victim, replacement) => trial.takeOver(replacement, victim, "rowid")),
    },
  ];
  const change: CapturePath = {
    name: "UPDATE of the rowid",
    exercise: withRow(async (trial, row) => {
      await trial.changeRowid(row);
      return true;
    }),
  };
  return isKey ? paths : [...paths, change];
}

function indexPaths(index: SourceIndex): CapturePath[] {
  return [
    {
      name: `INSERT OR REPLACE through ${index.name}`,
      exercise: withRow(async (trial, row) => {
        await trial.insertLike(row, { keep: trial.columnsOf(index), orReplace: true });
        return !(await trial.isUnchanged(row));
      }, index),
    },
    {
      name: `UPDATE OR REPLACE through ${index.name}`,
      exercise: withTwoRows(
        (trial, victim, replacement) => trial.takeOver(replacement, victim, trial.columnsOf(index)),
        index,
      ),
    },
  ];
}

/** Changes one row; its key must be logged. */
function withRow(
  change: (table: TrialTable, row: TrialRow) => Promise<boolean>,
  within: SourceIndex | null = null,
): CapturePath["exercise"] {
  return async (table, origin) => {
    const row = await table.row(origin, within);
    if (row === null) return null;
    const since = await table.lastSeq();
    const changed = await change(table, row);
    return { since, keys: [row.key], changed };
  };
}

/** Lets a second row replace the first; the key of the first must be logged. */
function withTwoRows(
  replace: (table: TrialTable, victim: TrialRow, replacement: TrialRow) => Promise<void>,
  within: SourceIndex | null = null,
): CapturePath["exercise"] {
  return async (table, origin) => {
    const victim = await table.row(origin, within);
    const replacement = victim === null ? null : await table.secondRow(victim, origin);
    if (victim === null || replacement === null) return null;
    // A trigger of the application may have deleted the first row when the second came.
    if (!(await table.isUnchanged(victim))) return null;
    const since = await table.lastSeq();
    await replace(table, victim, replacement);
    return { since, keys: [victim.key], changed: !(await table.isUnchanged(victim)) };
  };
}

async function insert(table: TrialTable, origin: Origin): Promise<Exercised | null> {
  const since = await table.lastSeq();
  // An existing row, replaced by itself.
  const row = origin === "taken" ? await table.row(origin) : null;
  if (origin === "taken" && row === null) return null;
  const stored =
    row === null
      ? await table.row(origin)
      : await table.insertLike(row, {
          keep: table.columns.map(({ name }) => name),
          ...(row.rowid === null ? {} : { rowid: row.rowid }),
          orReplace: true,
        });
  return stored === null ? null : { since, keys: [stored.key], changed: true };
}

async function insertAssigned(table: TrialTable, origin: Origin): Promise<Exercised | null> {
  if (origin === "taken") return null;
  const like = origin === "copied" ? await table.row("taken") : null;
  if (origin === "copied" && like === null) return null;
  const since = await table.lastSeq();
  const stored = await table.insertAssigned(like);
  return stored === null ? null : { since, keys: [stored.key], changed: true };
}

async function changeKey(table: TrialTable, origin: Origin): Promise<Exercised | null> {
  const row = await table.row(origin);
  if (row === null) return null;
  const since = await table.lastSeq();
  const moved = await table.changeKey(row);
  if (moved === null) return null;
  return { since, keys: [row.key, moved.key], changed: !(await table.isUnchanged(row)) };
}
