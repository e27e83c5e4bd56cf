import type { TableProfile } from "../../model/profile.ts";
import type { PlannedFinding } from "../../model/proposal.ts";
import {
  type ConflictClause,
  isKnownCollation,
  type SourceColumn,
  type SourceTable,
} from "../../model/source-schema.ts";
import { shellWord } from "../../quote.ts";
import { chooseIdentity } from "../propose/choose-identity.ts";
import { noteOf } from "../types/column-note.ts";

/** What is to be said of a table as a whole: its key, what cannot be read of it, its size. */
export function tableFindings(table: SourceTable, profile: TableProfile | null): PlannedFinding[] {
  if (profile !== null && profile.unreadable?.length === table.columns.length) return [unreadableTable(table)];
  const unreadable = (profile?.unreadable ?? []).map((column) => unreadableColumn(table, column));
  const collations = table.columns
    .filter(({ collation }) => !isKnownCollation(collation))
    .map((column) => unknownCollation(table, column.name, column.collation));
  const indexes = table.indexes.filter(
    ({ origin, terms }) =>
      origin === "index" &&
      terms.some(
        ({ column, collation }) =>
          !isKnownCollation(collation) &&
          table.columns.some(({ name, collation: own }) => name === column && own !== collation),
      ),
  );
  const identity = identityFindings(table, profile);
  // Rows without a key need a column of ours.
  const needed = table.columns.length + (identity.some(({ code }) => code === "NO_KEY") ? 1 : 0);
  return [
    ...unreadable,
    ...collations,
    ...indexes.map(({ name }) => unknownIndexCollation(table, name)),
    ...identity,
    ...(table.conflicts ?? []).map((clause) => conflictClause(table, clause)),
    ...(needed > MAX_COLUMNS ? [tooManyColumns(table, needed)] : []),
  ];
}

/** The rule that leaves a table behind. */
export function withoutTable(table: string): NonNullable<PlannedFinding["rules"]>[number] {
  return { description: "the table stays behind", rules: { tables: { [table]: { exclude: true } } } };
}

function identityFindings(table: SourceTable, profile: TableProfile | null): PlannedFinding[] {
  if (table.rowidName === null && profile !== null && !hasIdentity(table, profile)) {
    return [
      {
        code: "NO_ROW_IDENTITY",
        severity: "blocking",
        table: table.name,
        message:
          "it has no key that can be used: " +
          (table.withoutRowid
            ? "it is WITHOUT ROWID, and its key has a collation of the application's own"
            : "columns named rowid, oid and _rowid_ hide the rowid"),
        hint:
          `leave the table behind with --exclude ${shellWord(table.name)}, or add a UNIQUE index over NOT NULL ` +
          "columns to it in the source",
        rules: [withoutTable(table.name)],
      },
    ];
  }
  if (profile === null || profile.rows === 0 || chooseIdentity(table, profile).kind === "columns") return [];
  return [
    {
      code: "NO_KEY",
      severity: "info",
      table: table.name,
      message:
        "it has no key without NULLs: until the cutover its rows are identified by SQLite's rowid, " +
        "in a column of their own",
      hint:
        "do not run VACUUM on the source before the cutover, which may renumber the rows, " + "or give the table a key",
    },
  ];
}

function hasIdentity(table: SourceTable, profile: TableProfile): boolean {
  try {
    chooseIdentity(table, profile);
    return true;
  } catch {
    return false;
  }
}

function conflictClause(table: SourceTable, conflict: ConflictClause): PlannedFinding {
  const { action, column, constraint } = conflict;
  const clause = `${column === null ? "" : `${column} `}${constraint} ON CONFLICT ${action}`;
  return {
    code: "ON_CONFLICT_NOT_TRANSLATED",
    severity: "warning",
    table: table.name,
    ...(column === null ? {} : { column }),
    object: { kind: "on-conflict", name: clause },
    message: `PostgreSQL's constraints have no such clause: ${clause}. ${breaks(conflict)} fails there`,
    hint: insteadOf(table, conflict),
  };
}

function breaks({ constraint }: ConflictClause): string {
  return /^NOT NULL/i.test(constraint) ? "A statement that writes NULL there" : "A statement that breaks it";
}

/** The statement to write instead, and what the database can do for one that cannot be changed. */
function insteadOf(table: SourceTable, { action, column, constraint }: ConflictClause): string {
  const trigger = `for statements that cannot be changed, a trigger BEFORE INSERT OR UPDATE on ${table.name}`;
  if (/^NOT NULL/i.test(constraint)) {
    if (action === "IGNORE")
      return `leave rows with NULL out in the application's statements, or ${trigger} that returns NULL`;
    if (action === "REPLACE")
      return (
        "leave the column out of the statement, so that its default counts; " +
        `${trigger} with NEW.${column ?? "x"} := coalesce(NEW.${column ?? "x"}, …)`
      );
    return TAKEN_BACK;
  }
  const key = /\((.*)\)/s.exec(constraint)?.[1]?.trim() ?? column ?? "…";
  if (action === "IGNORE")
    return (
      `say it in the application's statements: INSERT INTO ${table.name} … ON CONFLICT (${key}) DO NOTHING; ` +
      `${trigger} that returns NULL where the row is there`
    );
  if (action === "REPLACE")
    return (
      `say it in the application's statements: INSERT INTO ${table.name} … ON CONFLICT (${key}) DO ` +
      `UPDATE SET …; ${trigger} that deletes the row which is there`
    );
  return TAKEN_BACK;
}

const TAKEN_BACK = "a failed statement takes all of its transaction back, unless there is a savepoint";

/** Texts that SQLite takes for equal and PostgreSQL does not. */
export function collationChanged(table: SourceTable, column: SourceColumn, name: string): PlannedFinding {
  const same = column.collation === "NOCASE" ? "'a' and 'A'" : "'a' and 'a '";
  return {
    code: "COLLATION_CHANGED",
    severity: "warning",
    table: table.name,
    column: column.name,
    object: { kind: "collation", name: `${column.name} COLLATE ${column.collation}`, targetColumns: [name] },
    message:
      `${same} are equal in it (COLLATE ${column.collation}); in PostgreSQL they differ, ` + "in comparisons and sorts",
    hint:
      column.collation === "NOCASE"
        ? `compare by lower() in the application's queries, with an index on (lower(${name})); ` +
          "or make the column citext in the migration file, or give it a collation that takes both for equal: " +
          "CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
        : `compare by rtrim() in the application's queries, with an index on (rtrim(${name}))`,
  };
}

function unreadableColumn(table: SourceTable, column: string): PlannedFinding {
  return noteOf(table.name, column, {
    code: "COLUMN_UNREADABLE",
    severity: "blocking",
    message: "SQLite cannot compute this generated column here: its expression calls a function of the application",
    hint:
      "leave the column behind by the rule below; then write it in the migration file as PostgreSQL has it, or " +
      "let the application compute it",
    answers: [{ description: "the column stays behind; nothing is stored in it", rule: { exclude: true } }],
  });
}

function unreadableTable(table: SourceTable): PlannedFinding {
  return {
    code: "TABLE_UNREADABLE",
    severity: "blocking",
    table: table.name,
    message: "SQLite cannot read it here: its key has a collation of the application's own, and it is WITHOUT ROWID",
    hint: `leave the table behind with --exclude ${shellWord(table.name)}, or give it another collation in the source`,
    rules: [withoutTable(table.name)],
  };
}

function unknownIndexCollation(table: SourceTable, index: string): PlannedFinding {
  return {
    code: "COLLATION_UNKNOWN",
    severity: "warning",
    table: table.name,
    object: { kind: "collation", name: `index ${index}` },
    message:
      `the index ${index} has a collation that exists only in the application: ` +
      "in PostgreSQL it orders as its columns do",
    hint: "where queries sort by it, give the index a collation of PostgreSQL in the migration file",
  };
}

function unknownCollation(table: SourceTable, column: string, collation: string): PlannedFinding {
  return {
    code: "COLLATION_UNKNOWN",
    severity: "warning",
    table: table.name,
    column,
    message:
      `its collation ${collation} exists only in the application: here and in PostgreSQL it compares byte by ` + "byte",
    hint: "where queries sort or compare by it, give the column a collation of PostgreSQL in the migration file",
  };
}

const MAX_COLUMNS = 1600;

function tooManyColumns(table: SourceTable, needed: number): PlannedFinding {
  return {
    code: "TOO_MANY_COLUMNS",
    severity: "blocking",
    table: table.name,
    message:
      `it needs ${needed} ` +
      `columns${needed > table.columns.length ? ", one of ours for want of a key among them" : ""}; PostgreSQL ` +
      `takes ${MAX_COLUMNS}`,
    hint:
      `leave the table behind with --exclude ${shellWord(table.name)}, or columns of it by rules, or split it in ` +
      "the source",
    rules: [withoutTable(table.name)],
  };
}
