import type { ObjectKind } from "./left-out.ts";
import type { ToolTable } from "./migration-tool.ts";

/** What the source's catalogue says, as plain data. Nothing here is a decision. */

export interface SourceSchema {
  readonly encoding: "UTF-8" | "UTF-16le" | "UTF-16be";
  readonly journalMode: string;
  /** `PRAGMA schema_version` when it was read. */
  readonly schemaVersion: number;
  /** Ordinary tables that hold data, in the order of `sqlite_schema`. */
  readonly tables: readonly SourceTable[];
  readonly views: readonly SourceView[];
  readonly triggers: readonly SourceTrigger[];
  /** Tables in which other tools note their migrations. */
  readonly tools?: readonly SourceMigrationsTable[];
  /** What rules leave behind. */
  readonly excluded?: readonly ExcludedObject[];
  /** Virtual tables, their shadow tables, internal tables, views that cannot run: not moved as data. */
  readonly skipped: readonly SkippedObject[];
}

/** Another tool's migrations table. It comes over like any table, unless the target has its own. */
export interface SourceMigrationsTable extends ToolTable {
  /** What the target's own says; null: it has none, and these rows come over. */
  readonly own: MigrationsTableState | null;
  /** The last migration that is noted, where that can be read. */
  readonly version: string | null;
}

export interface MigrationsTableState {
  /** As people would call it: with its schema, where that is not public. */
  readonly table: string;
  readonly version: string | null;
}

/** A table or column, or what cannot be without it. */
export interface ExcludedObject {
  readonly kind: ObjectKind;
  readonly name: string;
  /** Null for a table. */
  readonly table: string | null;
  /** The column without which it cannot be; null where a rule names it. */
  readonly without: string | null;
  /** Who keeps the table for the source's file alone: it stays behind without a rule. */
  readonly keeper?: string;
  /** The target's table holds rows of its own, which stay by a rule. */
  readonly isSeeded?: true;
}

export interface SourceTable {
  readonly name: string;
  /** The CREATE TABLE text. */
  readonly sql: string;
  /** What is read in its place, as SQL after FROM, where rules change columns on the way. */
  readonly relation?: string;
  /** All visible columns, generated ones included, in order. */
  readonly columns: readonly SourceColumn[];
  /** Names of the PRIMARY KEY columns in key order; empty without one. */
  readonly primaryKey: readonly string[];
  /** The column that is an alias of the rowid (a true INTEGER PRIMARY KEY), if any. */
  readonly rowidAlias: string | null;
  /**
   * A name by which the rowid can be read: not shadowed by a column. Null for WITHOUT ROWID or when all three are
   * shadowed.
   */
  readonly rowidName: string | null;
  readonly withoutRowid: boolean;
  readonly strict: boolean;
  readonly autoincrement: boolean;
  readonly indexes: readonly SourceIndex[];
  readonly foreignKeys: readonly SourceForeignKey[];
  readonly checks: readonly SourceCheck[];
  /** What its constraints do in place of refusing, where that is not SQLite's own choice. */
  readonly conflicts?: readonly ConflictClause[];
  /** The virtual table whose rows these are: in the target it goes by that name. */
  readonly virtual?: VirtualTable;
}

export interface VirtualTable {
  readonly name: string;
  /** In lower case. */
  readonly module: string;
  /** The CREATE VIRTUAL TABLE text. */
  readonly sql: string;
  readonly search?: SearchIndex;
  /** The columns with the least and the most of each dimension, of an R-Tree. */
  readonly boxes?: readonly (readonly [least: string, most: string])[];
}

/** A full text search over columns of a table. */
export interface SearchIndex {
  readonly content: string;
  readonly columns: readonly string[];
  /** As written: `porter unicode61`; empty for the module's own choice. */
  readonly tokenizer: string;
}

export type Affinity = "integer" | "text" | "blob" | "real" | "numeric";

export interface SourceColumn {
  readonly name: string;
  /** As declared, "" if untyped. */
  readonly declaredType: string;
  readonly affinity: Affinity;
  readonly notNull: boolean;
  /** The text of the DEFAULT expression as `table_xinfo` gives it, or null. */
  readonly defaultSql: string | null;
  /** 1-based position in the primary key, 0 outside of it. */
  readonly primaryKeyPosition: number;
  /** Declared collation in upper case: BINARY unless told otherwise. */
  readonly collation: string;
  /** `elsewhere`: no column of the table that is read, but what the expression finds for its row. */
  readonly generated: { readonly storage: "virtual" | "stored" | "elsewhere"; readonly expression: string } | null;
  /** Its name in the virtual table whose rows these are. */
  readonly knownAs?: string;
}

export interface SourceIndex {
  readonly name: string;
  readonly unique: boolean;
  /** created by CREATE INDEX, a UNIQUE constraint, or the PRIMARY KEY */
  readonly origin: "index" | "unique" | "primary-key";
  /** Text after WHERE of a partial index. */
  readonly where: string | null;
  readonly terms: readonly IndexTerm[];
  /** The CREATE INDEX text; null for those that constraints make. */
  readonly sql: string | null;
}

export interface IndexTerm {
  /** Null for an expression or the rowid. */
  readonly column: string | null;
  readonly expression: string | null;
  readonly collation: string;
  readonly descending: boolean;
}

export type ForeignKeyAction = "NO ACTION" | "RESTRICT" | "SET NULL" | "SET DEFAULT" | "CASCADE";

export interface SourceForeignKey {
  readonly columns: readonly string[];
  readonly parentTable: string;
  /** Null where the statement names none (`REFERENCES p`): the parent's primary key is meant. */
  readonly parentColumns: readonly string[] | null;
  readonly onUpdate: ForeignKeyAction;
  readonly onDelete: ForeignKeyAction;
  readonly deferred: boolean;
  /** Name given with CONSTRAINT, if any. */
  readonly name?: string | null;
  /** The clause as written, where it was found. */
  readonly sql?: string | null;
}

export interface SourceCheck {
  readonly name: string | null;
  readonly expression: string;
}

export interface ConflictClause {
  /** Null for a constraint of the table. */
  readonly column: string | null;
  /** As written, without the clause: `NOT NULL`, `UNIQUE (a, b)`. */
  readonly constraint: string;
  readonly action: string;
}

export interface SourceView {
  readonly name: string;
  readonly sql: string;
  /** Names of its columns as SQLite gives them; not there where only the application's SQLite runs it. */
  readonly columns?: readonly string[];
}

export interface SourceTrigger {
  readonly name: string;
  readonly table: string;
  readonly sql: string;
}

export interface SkippedObject {
  readonly name: string;
  readonly reason: "virtual" | "shadow" | "internal" | "unreadable";
  readonly sql: string | null;
  readonly type?: "table" | "view";
  /** What SQLite says of it. */
  readonly cause?: string;
  /** Of a virtual table: whether it keeps rows. Unknown where its module is. */
  readonly rows?: "none" | "elsewhere" | "left";
  /** What it searches in another table. */
  readonly search?: SearchIndex;
}

/** Whether SQLite itself has a collation; others exist only where the application's process defines them. */
export function isKnownCollation(collation: string): boolean {
  return ["BINARY", "NOCASE", "RTRIM"].includes(collation);
}
