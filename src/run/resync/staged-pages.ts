import { copyRowByRow } from "../../copy/copy-row-by-row.ts";
import type { Page } from "../../copy/page.ts";
import { readPages, withKeys } from "../../copy/read-pages.ts";
import { InterruptedError } from "../../errors.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Run } from "../../model/run.ts";
import { stagePages } from "../../replay/stage.ts";
import { renderCount } from "../../status/render-count.ts";
import { clearQuarantineOf } from "../../target/store/quarantine-store.ts";
import type { TargetTransaction } from "../../target/target.ts";
import type { Context } from "../context.ts";

/** All rows of tables that are copied in the transaction of a batch, page by page. */
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
    const context = this.#context;
    for (const mapping of this.#mappings) {
      const expected = this.#expected.get(mapping.id) ?? 0;
      let rows = 0;
      const write = await pageWriter(context, tx, this.#run.id, mapping);
      await readPages(context.source, mapping, {
        maxRows: context.throttle.maxRows,
        async take(page) {
          if (context.signal.aborted) throw new InterruptedError();
          await write(page);
          rows += page.rows;
          context.report({
            kind: "progress",
            phase: "copy",
            done: rows,
            total: Math.max(rows, expected),
            unit: "rows",
            detail: mapping.source,
          });
          await context.throttle.rest(page);
        },
      });
      this.counts.set(mapping.id, rows);
      context.report({ kind: "step", message: `${renderCount(rows, "row")} of ${mapping.source} copied again` });
    }
  }
}

/** Stages a table's pages; where its rows may be quarantined, those that do not pass are noted again. */
async function pageWriter(
  context: Context,
  tx: TargetTransaction,
  run: string,
  mapping: TableMapping,
): Promise<(page: Page) => Promise<void>> {
  const statement = stagePages(mapping);
  if (mapping.quarantine === true) {
    await clearQuarantineOf(tx, { run, mapping });
    const writer = copyRowByRow(context.source, tx, { run, mapping }, statement);
    return (page) => writer.write(withKeys(page));
  }
  return async (page) => {
    const copy = await tx.copyIn(statement);
    await copy.write(page.data);
    await copy.finish();
  };
}
