import type { TableMapping } from "../model/mapping.ts";
import { parseKeyText } from "../rows/key-text.ts";
import { quarantineRejectedRows, type RowToQuarantine } from "../rows/quarantine-rows.ts";
import type { Source } from "../source/source.ts";
import { attemptRows } from "../target/attempt-rows.ts";
import { bisectRejected } from "../target/bisect-rejected.ts";
import type { QuarantinePlace } from "../target/store/quarantine-store.ts";
import type { TargetTransaction } from "../target/target.ts";
import { sqlState } from "../target/target-error.ts";
import type { ApplyStatements } from "./stage.ts";

export interface ApplyRowByRow {
  readonly source: Source;
  readonly place: QuarantinePlace & { readonly mapping: TableMapping };
  readonly apply: ApplyStatements;
  /** Whether rows of the batch may stand in the target already. */
  readonly how: "upsert" | "insert";
}

/**
 * Brings a table's staged rows into the target although constraints reject some of them: those go to the quarantine.
 * Unique violations are not a matter of one row alone, and are thrown.
 */
export async function applyRowByRow(tx: TargetTransaction, options: ApplyRowByRow): Promise<void> {
  const { apply, how, place, source } = options;
  const quarantined: RowToQuarantine[] = [];
  const [staged] = await tx.rows<{ rows: number }>(
    `select count(*)::int as rows from (${apply.part({ from: 0, rows: MAX_ROWS }).keys}) as k`,
  );
  await bisectRejected(staged?.rows ?? 0, {
    attempt: ({ from, to }) =>
      attemptRows(tx, {
        mapping: place.mapping,
        work: () => tx.run(apply.part({ from, rows: to - from })[how]),
        isExpected: isRowsOwn,
      }),
    onRejected: async (from, rejection) => {
      const row = apply.part({ from, rows: 1 });
      const [found] = await tx.rows<{ key: string }>(row.keys);
      await tx.run(row.remove);
      quarantined.push({ key: parseKeyText(found?.key ?? ""), what: "row", rejections: [rejection] });
    },
  });
  await quarantineRejectedRows(source, tx, place, quarantined);
}

const MAX_ROWS = 2 ** 31 - 1;

/** Whether the row itself is at fault, and not another row with the same value. */
export function isRowsOwn(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && /^(22|23|54)/.test(state) && state !== "23505" && state !== "23P01";
}
