import type { TableMapping } from "../../model/mapping.ts";
import { type PartDigest, rowsOfEqualParts, tableParts } from "../../verify/part-digest.ts";
import type { TableVerification, VerifyOptions } from "../../verify/verify-run.ts";
import type { Context } from "../context.ts";
import { onWorkers } from "../on-workers.ts";

export interface PartsOptions {
  readonly context: Context;
  readonly options: VerifyOptions;
  readonly processes: number;
  readonly onRows: (table: string, rows: number) => void;
}

/**
 * Compares one table by several workers at once, where nothing is written to the source: each digests a part of its
 * rows on both sides. Null where that says nothing: then the table is compared as any other.
 */
export async function verifyInParts(
  { context, onRows, options, processes }: PartsOptions,
  mapping: TableMapping,
): Promise<TableVerification | null> {
  const parts = await tableParts(options, mapping, processes);
  if (parts === null) return null;
  let counted = 0;
  const found: (PartDigest | null)[] = [];
  await onWorkers(context, { session: options.session, items: parts, isAtRest: true }, async (part, worker) => {
    const digest = await worker.do(
      "verifyPart",
      { run: options.run, mapping, captured: options.captured, part },
      {
        onRows(table, rows) {
          counted += rows;
          onRows(table, rows);
        },
        rest: (work) => context.throttle.rest(work),
      },
    );
    found.push(digest);
  });
  const rows = rowsOfEqualParts(found);
  if (rows !== null) return { mapping, rows, differences: [], more: 0, pending: 0, quarantineRows: 0 };
  onRows(mapping.source, -counted);
  return null;
}
