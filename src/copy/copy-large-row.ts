import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import { largeRow, largeRowLine } from "../rows/large-row.ts";
import type { Source } from "../source/source.ts";
import type { TargetTransaction } from "../target/target.ts";

export interface CopiedRow {
  readonly bytes: number;
  /** A value of the row may not pass: nothing was sent. */
  readonly refused: boolean;
}

/** Copies one row whose large values are read and sent in chunks. If it is deleted meanwhile, replay knows. */
export async function copyLargeRow(
  source: Source,
  tx: TargetTransaction,
  mapping: TableMapping,
  key: Tuple,
): Promise<CopiedRow> {
  const row = await largeRow(source, mapping, key);
  const columns = [...row.small, ...row.large].map(({ target }) => pgName(target)).join(", ");
  const copy = await tx.copyIn(`copy ${pgTable(mapping.target)} (${columns}) from stdin`);
  const line = largeRowLine(source, row);
  let bytes = 0;
  for (;;) {
    const { done, value } = await line.next();
    if (done === true) {
      await copy.finish();
      return { bytes, refused: value.rejected };
    }
    await copy.write(value);
    bytes += value.byteLength;
  }
}
