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

export interface TableToStage {
  readonly run: Run;
  readonly mapping: TableMapping;
  /** How many rows it had when they were counted. */
  readonly expected: number;
}

/** Copies a table into staging. Returns the number of its rows. */
export async function stageTable(
  context: Context,
  tx: TargetTransaction,
  { expected, mapping, run }: TableToStage,
): Promise<number> {
  let rows = 0;
  const write = await pageWriter(context, tx, run.id, mapping);
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
  context.report({ kind: "step", message: `${renderCount(rows, "row")} of ${mapping.source} copied again` });
  return rows;
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
