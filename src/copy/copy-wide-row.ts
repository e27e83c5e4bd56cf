import type { Source } from "../db/source.ts";
import type { TargetTransaction } from "../db/target.ts";
import { wideLine, wideRow } from "../db/wide-row.ts";
import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";

export interface CopiedRow {
  readonly bytes: number;
  /** A value of the row may not pass: nothing was sent. */
  readonly refused: boolean;
}

/** Copies one row whose large values are read and sent in pieces. If it is gone meanwhile, replay knows. */
export async function copyWideRow(
  source: Source,
  tx: TargetTransaction,
  mapping: TableMapping,
  key: Tuple,
): Promise<CopiedRow> {
  const row = await wideRow(source, mapping, key);
  const columns = [...row.narrow, ...row.wide].map(({ target }) => pgName(target)).join(", ");
  const copy = await tx.copyIn(`copy ${pgTable(mapping.target)} (${columns}) from stdin`);
  const line = wideLine(source, row);
  let bytes = 0;
  for (;;) {
    const { done, value } = await line.next();
    if (done === true) {
      await copy.finish();
      return { bytes, refused: value.refused };
    }
    await copy.write(value);
    bytes += value.byteLength;
  }
}
