import { sqliteCode } from "../db/source-error.ts";
import type { SourceValue, SourceWriter } from "../db/source.ts";
import { RefusedError, messageOf } from "../errors.ts";
import { sqliteName } from "../quote.ts";
import { bindRaw } from "../value/bind-raw.ts";
import type { RawValue } from "../value/kind.ts";
import { type StandingRow, findRows, keyOf } from "./find-rows.ts";
import { type RowPlan, cannotReturn, isCutTo, isSame, planRow } from "./plan-row.ts";
import { rowidOf } from "./render-source.ts";
import type { ReturnTable } from "./return-table.ts";
import type { ChangedRow } from "./target-changes.ts";

/** A row that met a constraint: another one, later in the batch, still holds what it will have. */
interface Postponed {
  readonly changed: ChangedRow;
  readonly plan: Extract<RowPlan, { kind: "write" }>;
}

/** Writes the rows of one batch to one table of the source, each as PostgreSQL has it, and reads them back. */
export class RowWriter {
  readonly #tx: SourceWriter;
  readonly #table: ReturnTable;
  readonly #postponed = new Map<string, Postponed>();
  /** Rows that were changed. */
  rows = 0;
  /** Values that were cut to their form. */
  rounded = 0;

  constructor(tx: SourceWriter, table: ReturnTable) {
    this.#tx = tx;
    this.#table = table;
  }

  async page(changed: readonly ChangedRow[]): Promise<void> {
    const standing = await findRows(this.#tx, this.#table, changed.map(({ key }) => key));
    const plans = changed.map((row, index) => ({ row, plan: planRow(this.#table, row, standing.get(index) ?? null) }));
    // What goes makes room for what comes.
    for (const { plan } of plans) if (plan.kind === "delete") await this.#delete(plan.standing);
    for (const { row, plan } of plans) if (plan.kind === "write") await this.#write(row, plan);
    for (const { row, plan } of plans) {
      if (plan.kind === "delete") this.#postponed.delete(name(row));
      this.rows += plan.kind === "nothing" ? 0 : 1;
      this.rounded += plan.kind === "delete" ? 0 : plan.rounded;
    }
    await this.#readBack(changed.filter((row) => !this.#postponed.has(name(row))));
  }

  /** Rows that exchange unique values stand in each other's way: all of them go, then all come. */
  async settle(): Promise<void> {
    const left = [...this.#postponed.values()];
    this.#postponed.clear();
    for (const { plan } of left) if (plan.standing !== null) await this.#delete(plan.standing);
    for (const { plan } of left) {
      await this.#insert(plan, plan.standing).catch((error: unknown) => {
        if (!isConstraint(error)) throw error;
        throw this.#refused(error);
      });
    }
    await this.#readBack(left.map(({ changed }) => changed));
  }

  async #write(row: ChangedRow, plan: Extract<RowPlan, { kind: "write" }>): Promise<void> {
    try {
      if (plan.standing === null) await this.#insert(plan, null);
      else await this.#update(plan, plan.standing);
      this.#postponed.delete(name(row));
    } catch (error) {
      if (!isConstraint(error)) throw error;
      this.#postponed.set(name(row), { changed: row, plan });
    }
  }

  #update({ values }: Extract<RowPlan, { kind: "write" }>, standing: StandingRow): Promise<void> {
    const bound = [...values].map(([column, value]) => ({ column, ...bindRaw(value, this.#table.mapping) }));
    const where = this.#where(standing);
    return this.#tx.run(`UPDATE OR ABORT ${this.#name} SET ${bound.map(({ column, expression }) => `${sqliteName(column)} = ${expression}`).join(", ")} WHERE ${where.condition}`, [...bound.flatMap(({ args }) => args), ...where.args]);
  }

  /** With a row that stood there before, all of it comes again: columns that do not travel, too. */
  #insert({ values }: Extract<RowPlan, { kind: "write" }>, before: StandingRow | null): Promise<void> {
    const { table } = this.#table;
    const whole = new Map<string, RawValue>();
    if (before !== null) {
      const rowid = rowidOf(this.#table);
      if (rowid !== null && table.rowidAlias === null) whole.set(rowid, { type: "integer", value: before.rowid ?? 0n });
      for (const [index, { name: column, generated }] of table.columns.entries()) if (generated === null) whole.set(column, before.raw[index] ?? { type: "null" });
    }
    for (const [column, value] of values) whole.set(column, value);
    const bound = [...whole].map(([column, value]) => ({ column, ...bindRaw(value, this.#table.mapping) }));
    return this.#tx.run(`INSERT OR ABORT INTO ${this.#name}(${bound.map(({ column }) => sqliteName(column)).join(", ")}) VALUES(${bound.map(({ expression }) => expression).join(", ")})`, bound.flatMap(({ args }) => args));
  }

  #delete(standing: StandingRow): Promise<void> {
    const where = this.#where(standing);
    return this.#tx.run(`DELETE FROM ${this.#name} WHERE ${where.condition}`, where.args);
  }

  get #name(): string {
    return sqliteName(this.#table.table.name);
  }

  #where(standing: StandingRow): { condition: string; args: readonly SourceValue[] } {
    const rowid = rowidOf(this.#table);
    if (rowid !== null && standing.rowid !== null) return { condition: `${sqliteName(rowid)} = ?`, args: [standing.rowid] };
    const bound = keyOf(this.#table, standing).map((raw) => bindRaw(raw, this.#table.mapping));
    const equal = bound.map(({ expression }, position) => {
      const column = sqliteName(this.#table.keys[position]?.source ?? "");
      return `${column} = ${expression} AND ${column} COLLATE BINARY = ${expression}`;
    });
    return { condition: equal.join(" AND "), args: bound.flatMap(({ args }) => [...args, ...args]) };
  }

  /** Nothing is believed to have been written: affinities, triggers and expressions may have made another value of it. */
  async #readBack(changed: readonly ChangedRow[]): Promise<void> {
    const standing = await findRows(this.#tx, this.#table, changed.map(({ key }) => key));
    for (const [index, { values }] of changed.entries()) {
      const row = standing.get(index);
      if ((row === undefined) !== (values === null)) throw this.#notThere(values === null);
      if (row === undefined || values === null) continue;
      for (const [position, column] of this.#table.columns.entries()) {
        const arrived = values[position] ?? null;
        if (isSame(column, position, row, arrived)) continue;
        if (arrived !== null && isCutTo(column, row.travelling[position] ?? { type: "null" }, arrived)) continue;
        throw cannotReturn(this.#table, column.source, column.expression !== null ? "a rule's expression made the column, and does not make this value of anything" : column.generated ? "SQLite computes that column, and gets something else" : "SQLite makes another value of it in this column");
      }
    }
  }

  #notThere(there: boolean): RefusedError {
    return new RefusedError({
      code: "ROW_CANNOT_RETURN",
      message: `a row of ${this.#table.mapping.source} ${there ? "could not be deleted from" : "was written to"} the source${there ? "" : " and is not found there under its key"}`,
      hint: "nothing of this batch was written; this is a bug of changeover, please report it",
      context: { table: this.#table.mapping.source },
    });
  }

  #refused(cause: unknown): RefusedError {
    return new RefusedError({
      code: "ROW_CANNOT_RETURN",
      message: `the source refuses a row of ${this.#table.mapping.source}: ${messageOf(cause)}`,
      hint: "nothing of this batch was written to the source; PostgreSQL holds what a constraint in SQLite forbids: change the row there, then run the same command again",
      context: { table: this.#table.mapping.source },
      cause,
    });
  }
}

function isConstraint(error: unknown): boolean {
  return sqliteCode(error)?.startsWith("SQLITE_CONSTRAINT") === true;
}

function name({ key }: ChangedRow): string {
  return JSON.stringify(key);
}
