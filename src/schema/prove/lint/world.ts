import type { RangeVar } from "libpg-query";

/** About how many rows the tables of the target have, by name. */
export type TableSizes = ReadonlyMap<string, number>;

export interface WorldOptions {
  /** Null where no target is known: each table that was there before counts as large then. */
  readonly sizes: TableSizes | null;
  /** From how many rows on a table is large. */
  readonly large: number;
  /** Whether whoever runs the files limits how long they wait for locks, as `up` does. */
  readonly lockTimeout: boolean;
}

/** What the rules know of the database that a migration will meet: it changes as statement follows statement. */
export class World {
  readonly #options: WorldOptions;
  /** Tables made by the migrations that are yet to be applied: empty then. */
  readonly #made = new Set<string>();
  /** Columns that a CHECK says are never NULL, by table and constraint. */
  readonly #checks = new Map<string, { readonly column: string; valid: boolean }>();
  readonly #indexes = new Map<string, string>();
  readonly #references: { readonly table: string; readonly name: string; readonly parent: string }[] = [];
  /** Constraints added NOT VALID in the transaction under way. */
  readonly #added = new Set<string>();
  #pending = false;
  /** Whether statements wait for locks for so long and no longer. A file may say otherwise. */
  lockTimeout = false;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  /** What is applied has happened: its tables are in production, its locks are long gone. */
  beginFile(file: { readonly pending: boolean; readonly transaction: boolean }): void {
    // Outside of transactions `up` sets no limit either.
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

  /** The table of an index, where a file made it. */
  tableOfIndex(index: string): string[] {
    const table = this.#indexes.get(index);
    return table === undefined ? [] : [table];
  }

  addReference(table: string, name: string, parent: string): void {
    this.#references.push({ table, name, parent });
  }

  /** What a table refers to by its foreign keys, or by one of them, where a file made it. */
  parentsOf(table: string, name: string | null): string[] {
    return this.#references
      .filter((reference) => reference.table === table && (name === null || reference.name === name))
      .map(({ parent }) => parent);
  }

  /** Whether production has it, so that others may be using it. */
  exists(table: string): boolean {
    return !this.#made.has(table) && (this.#options.sizes?.has(table) ?? true);
  }

  /** Whether work that grows with a table's rows will be felt. */
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

  /** Whether it was added in this very transaction, whose lock then lasts through the validation. */
  validate(table: string, name: string): boolean {
    const check = this.#checks.get(keyOf(table, name));
    if (check !== undefined) check.valid = true;
    // One without a name gets it from PostgreSQL.
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

/** A table as it is called here: without its schema where that is public. */
export function tableOf(relation: RangeVar | undefined): string {
  const { relname = "", schemaname } = relation ?? {};
  return schemaname === undefined || schemaname === "public" ? relname : `${schemaname}.${relname}`;
}
