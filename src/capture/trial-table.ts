import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import type { Tuple } from "../model/key.ts";
import type { SourceColumn, SourceIndex } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import { keyExpressions, tupleOf } from "../rows/bind-key.ts";
import { balanced } from "../rows/copy-text.ts";
import { keyLiterals } from "../rows/key-literal.ts";
import type { SourceWriter } from "../source/source.ts";
import { freshNumber, freshValue, valueWithin } from "./fresh-value.ts";
import { names } from "./mentions.ts";
import type { CapturedTable } from "./render-triggers.ts";

/** Origin of a trial's row: invented, a copy of an existing row with new keys, or an existing row. */
export type Origin = "made" | "copied" | "taken";

export interface TrialRow {
  /** SQL condition that selects only this row. */
  readonly where: string;
  /** Null if the table has no rowid. */
  readonly rowid: string | null;
  readonly key: Tuple;
}

export interface InsertOptions {
  /** Columns whose values are copied. */
  readonly keep: readonly string[];
  readonly rowid?: string;
  readonly orReplace?: boolean;
  /** A partial index that must cover an invented row. */
  readonly within?: SourceIndex | null;
}

/** Statements on one table in a transaction that is rolled back. Values stay inside SQL and never become JS strings. */
export class TrialTable {
  /** A name by which statements may set the rowid. */
  readonly rowidName: string | null;
  /** Columns that statements may set. */
  readonly columns: readonly SourceColumn[];
  readonly #captured: CapturedTable;
  readonly #tx: SourceWriter;
  readonly #name: string;
  readonly #keyColumns: readonly string[];
  /** Columns that identify a row: its rowid, or its key. */
  readonly #locators: readonly string[];
  /** Columns whose values may conflict. */
  readonly #distinct: ReadonlySet<string>;

  constructor(tx: SourceWriter, captured: CapturedTable) {
    const { table, identity } = captured;
    this.#tx = tx;
    this.#captured = captured;
    this.#name = sqliteName(table.name);
    this.columns = table.columns.filter(({ generated }) => generated === null);
    this.rowidName = table.rowidName ?? table.rowidAlias;
    this.#keyColumns = identity.kind === "rowid" ? [identity.rowidName] : identity.columns;
    this.#locators = this.rowidName === null ? this.#keyColumns : [this.rowidName];
    const unique = table.indexes
      .filter((index) => index.unique)
      .flatMap((index) => this.columnsOf({ ...index, where: null }));
    this.#distinct = new Set([...unique, ...table.primaryKey, ...this.#keyColumns]);
  }

  /**
   * A row of the given origin, covered by the partial index `within` if given. Null if no row exists to copy or take,
   * or if the application's triggers prevent it.
   */
  async row(origin: Origin, within: SourceIndex | null = null): Promise<TrialRow | null> {
    if (origin === "made") return this.#insert(null, { keep: [], within });
    const taken = await this.#smallest({ within });
    return taken === null || origin === "taken" ? taken : this.insertLike(taken, { keep: [] });
  }

  /** A second row of the same origin. */
  async secondRow(row: TrialRow, origin: Origin): Promise<TrialRow | null> {
    if (origin === "made") return this.row(origin);
    return (origin === "taken" ? await this.#smallest({ but: row }) : null) ?? this.insertLike(row, { keep: [] });
  }

  /** Inserts a row like another: with its values in the columns of `keep`, and new values where they could conflict. */
  async insertLike(row: TrialRow, options: InsertOptions): Promise<TrialRow | null> {
    return this.#insert(row, options);
  }

  /** Inserts a row whose rowid SQLite assigns. */
  async insertAssigned(like: TrialRow | null): Promise<TrialRow | null> {
    const { rowidAlias } = this.#captured.table;
    const set = this.columns
      .filter(({ name }) => name !== rowidAlias)
      .map((column) => [sqliteName(column.name), this.#value(column, like, [])] as const);
    const source =
      like === null
        ? `VALUES(${set.map(([, value]) => value).join(", ")})`
        : `SELECT ${set.map(([, value]) => value).join(", ")} FROM ${this.#name} WHERE ${like.where}`;
    const rowid = sqliteName(this.rowidName ?? "");
    const values = set.length === 0 ? " DEFAULT VALUES" : `(${set.map(([name]) => name).join(", ")}) ${source}`;
    const [given] = await this.#tx.rows(`INSERT INTO ${this.#name}${values} RETURNING ${rowid}`);
    return given === undefined ? null : this.#find(`${rowid} = ${String(given[0])}`);
  }

  /** An UPDATE that changes nothing. */
  async touch(row: TrialRow): Promise<void> {
    const column = sqliteName(
      (this.columns.find(({ name }) => !this.#distinct.has(name)) ?? this.columns[0])?.name ?? "",
    );
    await this.#tx.run(`UPDATE ${this.#name} SET ${column} = ${column} WHERE ${row.where}`);
  }

  /** Changes a row's key. Returns the changed row. */
  async changeKey(row: TrialRow): Promise<TrialRow | null> {
    const values = this.#keyColumns.map((name) => {
      const column = this.columns.find((candidate) => candidate.name === name);
      return column === undefined ? freshNumber() : freshValue(column);
    });
    await this.#tx.run(
      `UPDATE ${this.#name} SET ` +
        `${this.#keyColumns.map((name, index) => `${sqliteName(name)} = ${values[index] ?? ""}`).join(", ")} WHERE ` +
        `${row.where}`,
    );
    const isMoved = this.rowidName === null || this.#keyIsRowid();
    return this.#find(isMoved ? equal(this.#locators, values) : row.where);
  }

  async changeRowid(row: TrialRow): Promise<void> {
    await this.#tx.run(
      `UPDATE ${this.#name} SET ${sqliteName(this.rowidName ?? "")} = ${freshNumber()} WHERE ${row.where}`,
    );
  }

  /** Gives a row another row's values in some columns, or its rowid, so that the other row is replaced. */
  async takeOver(row: TrialRow, other: TrialRow, what: readonly string[] | "rowid"): Promise<void> {
    const sets =
      what === "rowid"
        ? [`${sqliteName(this.rowidName ?? "")} = ${other.rowid ?? "NULL"}`]
        : what.map(
            (name) => `${sqliteName(name)} = (SELECT ${sqliteName(name)} FROM ${this.#name} WHERE ${other.where})`,
          );
    await this.#tx.run(`UPDATE OR REPLACE ${this.#name} SET ${sets.join(", ")} WHERE ${row.where}`);
  }

  async remove(row: TrialRow): Promise<void> {
    await this.#tx.run(`DELETE FROM ${this.#name} WHERE ${row.where}`);
  }

  /** Whether a row is unchanged, with its key and its rowid. */
  async isUnchanged(row: TrialRow): Promise<boolean> {
    const found = await this.#find(row.where);
    return found !== null && JSON.stringify(found) === JSON.stringify(row);
  }

  /** Columns that determine a conflict on an index: its own, and those in its expressions. */
  columnsOf(index: SourceIndex): string[] {
    const { columns } = this.#captured.table;
    const texts = [
      ...index.terms.flatMap(({ expression }) => expression ?? []),
      ...(index.where === null ? [] : [index.where]),
    ];
    const named = columns.filter(
      ({ name }) => index.terms.some(({ column }) => column === name) || texts.some((text) => names(text, name)),
    );
    const behind = named.flatMap(({ generated }) =>
      generated === null ? [] : columns.filter(({ name }) => names(generated.expression, name)),
    );
    return [...new Set([...named, ...behind].filter(({ generated }) => generated === null).map(({ name }) => name))];
  }

  async lastSeq(): Promise<bigint> {
    const [row] = await this.#tx.rows(`SELECT coalesce(max(seq), 0) FROM ${sqliteName(LOG_TABLE)}`);
    return (row?.[0] as bigint | undefined) ?? 0n;
  }

  async isLogged(key: Tuple, after: bigint): Promise<boolean> {
    const equal = keyLiterals(key).map((value, position) => `${logKeyColumn(position)} IS ${value}`);
    const found = await this.#tx.rows(
      `SELECT 1 FROM ${sqliteName(LOG_TABLE)} WHERE seq > ${after} AND tbl = ${this.#captured.id} AND ` +
        `${equal.join(" AND ")} LIMIT 1`,
    );
    return found.length > 0;
  }

  async #insert(like: TrialRow | null, options: InsertOptions): Promise<TrialRow | null> {
    const { rowidAlias } = this.#captured.table;
    const keepsRowid = like?.rowid != null && rowidAlias !== null && options.keep.includes(rowidAlias);
    const set = new Map(
      this.columns
        .filter(({ name }) => name !== rowidAlias)
        .map((column) => [column.name, this.#value(column, like, options.keep, options.within?.where)]),
    );
    if (this.rowidName !== null) set.set(this.rowidName, options.rowid ?? (keepsRowid ? like.rowid : freshNumber()));
    const names = [...set.keys()].map(sqliteName).join(", ");
    const values = [...set.values()].join(", ");
    const into = `INSERT ${options.orReplace === true ? "OR REPLACE " : ""}INTO ${this.#name}(${names})`;
    await this.#tx.run(
      like === null ? `${into} VALUES(${values})` : `${into} SELECT ${values} FROM ${this.#name} WHERE ${like.where}`,
    );
    const keptValues = like === null ? [] : keyLiterals(like.key);
    return this.#find(
      equal(
        this.#locators,
        this.#locators.map((name, index) =>
          set.get(name) === sqliteName(name) ? (keptValues[index] ?? "NULL") : (set.get(name) ?? "NULL"),
        ),
      ),
    );
  }

  #value(column: SourceColumn, like: TrialRow | null, keep: readonly string[], where?: string | null): string {
    if (like === null && where != null && names(where, column.name)) return valueWithin(where, column);
    return like === null || (this.#distinct.has(column.name) && !keep.includes(column.name))
      ? freshValue(column)
      : sqliteName(column.name);
  }

  #keyIsRowid(): boolean {
    const [only, ...more] = this.#keyColumns;
    return more.length === 0 && (this.#captured.identity.kind === "rowid" || only === this.#captured.table.rowidAlias);
  }

  /** The smallest of the first rows, cheapest to copy. */
  async #smallest({
    but,
    within,
  }: {
    readonly but?: TrialRow;
    readonly within?: SourceIndex | null;
  }): Promise<TrialRow | null> {
    const size = balanced(
      this.#captured.table.columns.map(({ name }) => `coalesce(octet_length(${sqliteName(name)}), 0)`),
      "+",
    );
    const from =
      within?.where == null
        ? but === undefined
          ? ""
          : ` WHERE NOT (${but.where})`
        : ` INDEXED BY ${sqliteName(within.name)} WHERE ${within.where}`;
    const locators = this.#locators.map((source, index) => ({ source, as: `l${index}` }));
    const inner =
      `SELECT ${locators.map(({ source, as }) => `${sqliteName(source)} AS ${as}`).join(", ")}, ${size} AS size ` +
      `FROM ${this.#name}${from} LIMIT 20`;
    const [row] = await this.#tx.rows(
      `SELECT ${keyExpressions(
        locators.map(({ as }) => ({ source: as })),
        "s",
      ).join(", ")} FROM (${inner}) AS s ORDER BY s.size LIMIT 1`,
    );
    return row === undefined ? null : this.#find(equal(this.#locators, keyLiterals(tupleOf(row, 0, locators.length))));
  }

  async #find(where: string): Promise<TrialRow | null> {
    const keys = this.#keyColumns.map((source) => ({ source }));
    const rowid = this.rowidName === null ? "NULL" : `s.${sqliteName(this.rowidName)}`;
    const [row] = await this.#tx.rows(
      `SELECT ${keyExpressions(keys, "s").join(", ")}, ${rowid} FROM ${this.#name} AS s WHERE ${where}`,
    );
    if (row === undefined) return null;
    return {
      where,
      rowid: this.rowidName === null ? null : String(row[2 * keys.length]),
      key: tupleOf(row, 0, keys.length),
    };
  }
}

function equal(columns: readonly string[], values: readonly string[]): string {
  return columns.map((name, index) => `${sqliteName(name)} = ${values[index] ?? "NULL"}`).join(" AND ");
}
