import type { LedgerPlace } from "../db/quarantine.ts";
import { type Refusal, refusalOf } from "../db/refusal.ts";
import { type RowToNote, setAside } from "../db/set-aside.ts";
import type { Source } from "../db/source.ts";
import type { TargetTransaction } from "../db/target.ts";
import { sqlState } from "../db/target-error.ts";
import type { TableMapping } from "../model/mapping.ts";
import { parseKeyText } from "../value/key-text.ts";
import type { ApplyStatements, StagedPart } from "./stage.ts";

export interface ApplyApart {
  readonly source: Source;
  readonly place: LedgerPlace & { readonly mapping: TableMapping };
  readonly apply: ApplyStatements;
  /** Whether rows of the batch may stand in the target already. */
  readonly how: "upsert" | "insert";
}

/**
 * Brings a table's staged rows into the target although constraints refuse some of them: those are found by halving and set
 * aside. Unique violations are not theirs alone, and are thrown.
 */
export async function applyApart(tx: TargetTransaction, options: ApplyApart): Promise<void> {
  const { apply, how, place, source } = options;
  const noted: RowToNote[] = [];
  const [staged] = await tx.rows<{ rows: number }>(
    `select count(*)::int as rows from (${apply.part({ from: 0, rows: MOST }).keys}) as k`,
  );
  const bring = async (part: StagedPart): Promise<void> => {
    if (part.rows === 0) return;
    const refusal = await attempt(tx, apply.part(part)[how], place.mapping);
    if (refusal === null) return;
    if (part.rows > 1) {
      const half = part.rows >> 1;
      await bring({ from: part.from, rows: half });
      await bring({ from: part.from + half, rows: part.rows - half });
      return;
    }
    const [row] = await tx.rows<{ key: string }>(apply.part(part).keys);
    await tx.run(apply.part(part).remove);
    noted.push({ key: parseKeyText(row?.key ?? ""), what: "row", refusals: [refusal] });
  };
  await bring({ from: 0, rows: staged?.rows ?? 0 });
  await setAside(source, tx, place, noted);
}

const MOST = 2 ** 31 - 1;

async function attempt(tx: TargetTransaction, statement: string, mapping: TableMapping): Promise<Refusal | null> {
  try {
    await tx.savepoint(() => tx.run(statement));
    return null;
  } catch (error) {
    const refusal = isRowsOwn(error) ? refusalOf(error, mapping) : null;
    if (refusal === null) throw error;
    return refusal;
  }
}

/** A refusal for what the row itself is: not for a value that another row has too. */
export function isRowsOwn(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && /^(22|23|54)/.test(state) && state !== "23505" && state !== "23P01";
}
