import { messageOf, RefusedError } from "../errors.ts";
import { NAMED_KEYS } from "../model/failback-loss.ts";
import type { SourceWriter } from "../source/source.ts";
import { sqliteCode } from "../source/source-error.ts";
import type { ChangedRow } from "./capture/target-changes.ts";
import type { FailbackTable } from "./failback-table.ts";
import { findSourceRows, keyOf } from "./find-source-rows.ts";
import { judge, lossOf } from "./judge-value.ts";
import { blocked, cannotFailBack, isSame, planRow, type RowPlan } from "./plan-row.ts";
import { rowidOf } from "./render-source.ts";
import { type BoundStatement, deleteRow, insertRows, updateRow, updateRows, wholeRow } from "./render-writes.ts";
import { tupleOfRaw, type ValueLoss } from "./value-losses.ts";

interface Planned {
  readonly changed: ChangedRow;
  readonly plan: Extract<RowPlan, { kind: "write" }>;
}

// SQLite binds up to 32,766 values.
const MAX_VALUES = 2_000;

/** Writes the rows of one batch to one table of the source, each as PostgreSQL has it, and reads them back. */
export class RowWriter {
  readonly #tx: SourceWriter;
  readonly #table: FailbackTable;
  /** Rows that met a constraint: others, later in the batch, still hold what they will have. */
  readonly #postponed = new Map<string, Planned>();
  /** Rows that were changed. */
  rows = 0;
  /** Values that were cut to their form. */
  rounded = 0;
  /** Values that the source holds in part, or not at all. */
  readonly losses: ValueLoss[] = [];
  readonly #blocked: { readonly column: string; readonly key: readonly string[] }[] = [];

  constructor(tx: SourceWriter, table: FailbackTable) {
    this.#tx = tx;
    this.#table = table;
  }

  async page(changed: readonly ChangedRow[]): Promise<void> {
    const sourceRow = await findSourceRows(
      this.#tx,
      this.#table,
      changed.map(({ key }) => key),
    );
    const plans = changed.map((row, index) => ({
      changed: row,
      plan: planRow(this.#table, row, sourceRow.get(index) ?? null),
    }));
    // What goes makes room for what comes.
    for (const { plan } of plans) if (plan.kind === "delete") await this.#run(deleteRow(this.#table, plan.sourceRow));
    await this.#write(
      plans.flatMap(({ changed: row, plan }) => (plan.kind === "write" ? [{ changed: row, plan }] : [])),
    );
    for (const { changed: row, plan } of plans) {
      if (plan.kind === "delete") this.#postponed.delete(name(row));
      if (plan.kind === "blocked") this.#blocked.push({ column: plan.column, key: row.key });
      this.rows += plan.kind === "nothing" ? 0 : 1;
      this.rounded += plan.kind === "nothing" || plan.kind === "write" ? plan.rounded : 0;
    }
    await this.#readBack(
      plans.flatMap(({ changed: row, plan }) =>
        plan.kind === "blocked" || this.#postponed.has(name(row)) ? [] : [row],
      ),
    );
  }

  /** Rows that exchange unique values stand in each other's way: all of them go, then all come. */
  async settle(): Promise<void> {
    if (this.#blocked.length > 0) throw blocked(this.#table, this.#blocked);
    const left = [...this.#postponed.values()];
    this.#postponed.clear();
    for (const { plan } of left) if (plan.sourceRow !== null) await this.#run(deleteRow(this.#table, plan.sourceRow));
    const refused: { readonly key: readonly string[]; readonly cause: unknown }[] = [];
    for (const { changed, plan } of left) {
      await this.#run(insertRows(this.#table, [wholeRow(this.#table, plan)])).catch((cause: unknown) => {
        if (!isConstraint(cause)) throw cause;
        refused.push({ key: changed.key, cause });
      });
    }
    if (refused.length > 0) throw this.#refused(refused);
    await this.#readBack(left.map(({ changed }) => changed));
  }

  /**
   * Rows of the same columns together, since a statement costs more than a row; each on its own where one of them meets
   * a constraint.
   */
  async #write(rows: readonly Planned[]): Promise<void> {
    const groups = new Map<string, Planned[]>();
    for (const row of rows) {
      const alike = JSON.stringify([row.plan.sourceRow === null, ...row.plan.values.keys()]);
      const group = groups.get(alike) ?? [];
      groups.set(alike, group);
      group.push(row);
    }
    for (const group of groups.values()) {
      const most = Math.max(1, Math.floor(MAX_VALUES / (1 + (group[0]?.plan.values.size ?? 1))));
      for (let start = 0; start < group.length; start += most) await this.#writeAlike(group.slice(start, start + most));
    }
  }

  async #writeAlike(rows: readonly Planned[]): Promise<void> {
    const isNew = rows[0]?.plan.sourceRow === null;
    if (rows.length > 1 && (isNew || rowidOf(this.#table) !== null)) {
      try {
        await this.#run(
          isNew
            ? insertRows(
                this.#table,
                rows.map(({ plan }) => plan.values),
              )
            : updateRows(
                this.#table,
                rows.map(({ plan }) => plan),
              ),
        );
        for (const { changed } of rows) this.#postponed.delete(name(changed));
        return;
      } catch (error) {
        if (!isConstraint(error)) throw error;
      }
    }
    for (const row of rows) await this.#writeOne(row);
  }

  async #writeOne({ changed, plan }: Planned): Promise<void> {
    const { sourceRow, values } = plan;
    try {
      await this.#run(
        sourceRow === null ? insertRows(this.#table, [values]) : updateRow(this.#table, { sourceRow, values }),
      );
      this.#postponed.delete(name(changed));
    } catch (error) {
      if (!isConstraint(error)) throw error;
      this.#postponed.set(name(changed), { changed, plan });
    }
  }

  #run({ sql, args }: BoundStatement): Promise<void> {
    return this.#tx.run(sql, args);
  }

  /**
   * Nothing is believed to have been written: affinities, triggers and expressions may have made another value of it.
   */
  async #readBack(changed: readonly ChangedRow[]): Promise<void> {
    const sourceRow = await findSourceRows(
      this.#tx,
      this.#table,
      changed.map(({ key }) => key),
    );
    for (const [index, { key, values }] of changed.entries()) {
      const row = sourceRow.get(index);
      if ((row === undefined) !== (values === null)) throw this.#notThere(key, values === null);
      if (row === undefined || values === null) continue;
      for (const [position, column] of this.#table.columns.entries()) {
        const targetText = values[position] ?? null;
        if (isSame(column, position, row, targetText)) continue;
        const judged = targetText === null ? null : judge(column, row.copied[position] ?? { type: "null" }, targetText);
        if (judged !== null) {
          this.losses.push({ ...lossOf(this.#table, column, judged), key: tupleOfRaw(keyOf(this.#table, row)) });
          continue;
        }
        throw cannotFailBack(
          this.#table,
          { column: column.source, key },
          column.expression !== null
            ? "a rule's expression made the column, and does not make this value of anything"
            : column.generated
              ? "SQLite computes that column, and gets something else"
              : "SQLite makes another value of it in this column",
        );
      }
    }
  }

  #notThere(key: readonly string[], there: boolean): RefusedError {
    return new RefusedError({
      code: "ROW_CANNOT_RETURN",
      message:
        `a row of ${this.#table.mapping.source} (key ${key.join(", ")}) ` +
        `${there ? "could not be deleted from" : "was written to"} the ` +
        `source${there ? "" : " and is not found there under its key"}`,
      hint: "nothing of this batch was written; this is a bug of changeover, please report it",
      context: { table: this.#table.mapping.source },
    });
  }

  #refused(rows: readonly { readonly key: readonly string[]; readonly cause: unknown }[]): RefusedError {
    const keys = rows.slice(0, NAMED_KEYS).map(({ key }) => key);
    const cause = rows[0]?.cause;
    return new RefusedError({
      code: "ROW_CANNOT_RETURN",
      message:
        `the source refuses ${rows.length === 1 ? "a row" : `${rows.length} rows`} of ` +
        `${this.#table.mapping.source} (${rows.length === 1 ? "key" : "keys"} ` +
        `${keys.map((key) => key.join(", ")).join("; ")}${rows.length > keys.length ? "; …" : ""}): ` +
        `${messageOf(cause)}`,
      hint:
        "nothing of this batch was written to the source; PostgreSQL holds what a constraint in SQLite " +
        "forbids: change the row there, then run the same command again",
      context: { table: this.#table.mapping.source, keys },
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
