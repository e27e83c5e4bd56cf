import type { TableMapping } from "../model/mapping.ts";
import { parseKeyText } from "../rows/key-text.ts";
import { quarantineRows, type RowToQuarantine } from "../rows/quarantine-rows.ts";
import type { Source } from "../source/source.ts";
import { type RowRejection, rejectionOf } from "../target/row-rejection.ts";
import type { QuarantinePlace } from "../target/store/quarantine-store.ts";
import type { TargetTransaction } from "../target/target.ts";
import { sqlState } from "../target/target-error.ts";
import type { ApplyStatements, StagedPart } from "./stage.ts";

export interface ApplyRowByRow {
  readonly source: Source;
  readonly place: QuarantinePlace & { readonly mapping: TableMapping };
  readonly apply: ApplyStatements;
  /** Whether rows of the batch may stand in the target already. */
  readonly how: "upsert" | "insert";
}

/**
 * Brings a table's staged rows into the target although constraints refuse some of them: those are found by halving and set
 * aside. Unique violations are not theirs alone, and are thrown.
 */
export async function applyRowByRow(tx: TargetTransaction, options: ApplyRowByRow): Promise<void> {
  const { apply, how, place, source } = options;
  const quarantined: RowToQuarantine[] = [];
  const [staged] = await tx.rows<{ rows: number }>(
    `select count(*)::int as rows from (${apply.part({ from: 0, rows: MOST }).keys}) as k`,
  );
  const bring = async (part: StagedPart): Promise<void> => {
    if (part.rows === 0) return;
    const rejection = await attempt(tx, apply.part(part)[how], place.mapping);
    if (rejection === null) return;
    if (part.rows > 1) {
      const half = part.rows >> 1;
      await bring({ from: part.from, rows: half });
      await bring({ from: part.from + half, rows: part.rows - half });
      return;
    }
    const [row] = await tx.rows<{ key: string }>(apply.part(part).keys);
    await tx.run(apply.part(part).remove);
    quarantined.push({ key: parseKeyText(row?.key ?? ""), what: "row", rejections: [rejection] });
  };
  await bring({ from: 0, rows: staged?.rows ?? 0 });
  await quarantineRows(source, tx, place, quarantined);
}

const MOST = 2 ** 31 - 1;

async function attempt(tx: TargetTransaction, statement: string, mapping: TableMapping): Promise<RowRejection | null> {
  try {
    await tx.savepoint(() => tx.run(statement));
    return null;
  } catch (error) {
    const rejection = isRowsOwn(error) ? rejectionOf(error, mapping) : null;
    if (rejection === null) throw error;
    return rejection;
  }
}

/** A refusal for what the row itself is: not for a value that another row has too. */
export function isRowsOwn(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && /^(22|23|54)/.test(state) && state !== "23505" && state !== "23P01";
}
