import type { RangeVar } from "libpg-query";

/** Approximate number of rows of the target's tables, by name. */
export type TableSizes = ReadonlyMap<string, number>;

export interface WorldOptions {
  /** Null without a target: each existing table then counts as large. */
  readonly sizes: TableSizes | null;
  /** From this number of rows a table is large. */
  readonly large: number;
  /** Whether the runner of the files sets lock_timeout, as `up` does. */
  readonly lockTimeout: boolean;
}

/** The state of the database in which a statement would run; updated statement by statement. */
export class World {
  readonly #options: WorldOptions;
  /** Tables that pending migrations create: they are empty. */
  readonly #made = new Set<string>();
  /** Columns that a CHECK makes NOT NULL, by table and constraint. */
  readonly #checks = new Map<string, { readonly column: string; valid: boolean }>();
  readonly #indexes = new Map<string, string>();
  readonly #references: { readonly table: string; readonly name: string; readonly parent: string }[] = [];
  /** Constraints added NOT VALID in the current transaction. */
  readonly #added = new Set<string>();
  #pending = false;
  /** Whether lock_timeout is set. A file may change it. */
  lockTimeout = false;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  /** An applied file has had its effects: its tables are in production, and its locks are released. */
  beginFile(file: { readonly pending: boolean; readonly transaction: boolean }): void {
    // Outside transactions, `up` sets no limit, either.
    this.lockTimeout = this.#options.lockTimeout && file.transaction;
    if (!file.pending || !this.#pending || !file.transaction) this.beginTransaction();
    this.#pending = file.pending;
  }

  beginTransaction(): void {
    this.#added.clear();
  }

  make(table: string): void {
    if (this.#pending) this.#made.add(table);
  }

  rename(table: string, name: string): void {
    if (this.#made.delete(table)) this.#made.add(name);
  }

  addIndex(index: string, table: string): void {
    this.#indexes.set(index, table);
  }

  /** The table of an index that a file created. */
  tableOfIndex(index: string): string[] {
    const table = this.#indexes.get(index);
    return table === undefined ? [] : [table];
  }

  addReference(table: string, name: string, parent: string): void {
    this.#references.push({ table, name, parent });
  }

  /** Tables that a table references by foreign keys, or by one of them, as far as files created them. */
  parentsOf(table: string, name: string | null): string[] {
    return this.#references
      .filter((reference) => reference.table === table && (name === null || reference.name === name))
      .map(({ parent }) => parent);
  }

  /** Whether production has the table, so that others may use it. */
  exists(table: string): boolean {
    return !this.#made.has(table) && (this.#options.sizes?.has(table) ?? true);
  }

  /** Whether work proportional to the table's rows would be noticed. */
  isLarge(table: string): boolean {
    return this.exists(table) && (this.#options.sizes === null || (this.rowsOf(table) ?? 0) >= this.#options.large);
  }

  holdsRows(table: string): boolean {
    return this.exists(table) && (this.#options.sizes === null || (this.rowsOf(table) ?? 0) > 0);
  }

  rowsOf(table: string): number | null {
    return this.#options.sizes?.get(table) ?? null;
  }

  addCheck(table: string, name: string, check: { readonly notNull: string | null; readonly valid: boolean }): void {
    if (!check.valid) this.#added.add(keyOf(table, name));
    if (check.notNull !== null) this.#checks.set(keyOf(table, name), { column: check.notNull, valid: check.valid });
  }

  /**
   * Marks a constraint as validated; returns whether this transaction has added it, whose lock then lasts through the
   * validation.
   */
  validate(table: string, name: string): boolean {
    const check = this.#checks.get(keyOf(table, name));
    if (check !== undefined) check.valid = true;
    // A constraint without a name gets one from PostgreSQL.
    return this.#added.has(keyOf(table, name)) || this.#added.has(keyOf(table, ""));
  }

  isKnownNotNull(table: string, column: string): boolean {
    return [...this.#checks].some(
      ([key, check]) => check.valid && check.column === column && key.startsWith(`${table}\n`),
    );
  }
}

function keyOf(table: string, name: string): string {
  return `${table}\n${name}`;
}

/** A table's name here: without the schema `public`. */
export function tableOf(relation: RangeVar | undefined): string {
  const { relname = "", schemaname } = relation ?? {};
  return schemaname === undefined || schemaname === "public" ? relname : `${schemaname}.${relname}`;
}
