import type { TableMapping } from "../../model/mapping.ts";
import type { Run } from "../../model/run.ts";
import type { TargetTransaction } from "../../target/target.ts";
import type { Context } from "../context.ts";
import { stageTable } from "./stage-table.ts";

/** All rows of tables that are copied in the transaction of a batch. */
export class StagedPages {
  readonly counts = new Map<number, number>();
  readonly #context: Context;
  readonly #run: Run;
  readonly #mappings: readonly TableMapping[];
  readonly #expected: ReadonlyMap<number, number>;

  /** `mappings`: those that the batch's reader has, and no copies of them: a stage is known by them. */
  constructor(
    context: Context,
    run: Run,
    mappings: readonly TableMapping[],
    tables: readonly { readonly mapping: TableMapping; readonly rows: number }[],
  ) {
    this.#context = context;
    this.#run = run;
    this.#mappings = mappings;
    this.#expected = new Map(tables.map(({ mapping, rows }) => [mapping.id, rows]));
  }

  async stage(tx: TargetTransaction): Promise<void> {
    for (const mapping of this.#mappings) {
      const expected = this.#expected.get(mapping.id) ?? 0;
      this.counts.set(mapping.id, await stageTable(this.#context, tx, { run: this.#run, mapping, expected }));
    }
  }
}
