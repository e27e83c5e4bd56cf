import type { Source } from "../db/source.ts";
import type { TargetSession, TargetTransaction } from "../db/target.ts";
import { type WideRow, wideLine } from "../db/wide-row.ts";
import { type TableMapping, keyColumns, travellingColumns } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";

/** Columns of a staging table beside the target's own. No application has such names. */
const PASS = "_changeover_pass";
const GONE = "_changeover_gone";

/**
 * Staging tables of one session: changed rows wait there until the batch is whole. A key may be
 * staged several times, in passes of a long batch; the last counts.
 */
export class Stage {
  readonly #session: TargetSession;
  readonly #made = new Set<number>();

  constructor(session: TargetSession) {
    this.#session = session;
  }

  /** Makes the staging tables that are missing. Outside of a batch, so that a rolled-back one keeps them. */
  async prepare(mappings: Iterable<TableMapping>): Promise<void> {
    for (const mapping of mappings) {
      if (this.#made.has(mapping.id)) continue;
      await this.#session.run(renderStage(mapping));
      this.#made.add(mapping.id);
    }
  }

  /** Forgets what a batch made that was rolled back. */
  forget(): void {
    this.#made.clear();
  }

  async load(tx: TargetTransaction, mapping: TableMapping, text: Uint8Array): Promise<void> {
    const columns = travellingColumns(mapping).map(({ target }) => pgName(target));
    const copy = await tx.copyIn(`copy pg_temp.${stageName(mapping)} (${[pgName(PASS), pgName(GONE), ...columns].join(", ")}) from stdin`);
    await copy.write(text);
    await copy.finish();
  }

  /** Stages a row whose large values come in pieces; nothing if it is gone. Returns whether a value may not pass. */
  async loadWide(tx: TargetTransaction, row: WideRow, { source, pass }: { readonly source: Source; readonly pass: number }): Promise<boolean> {
    const columns = [...row.narrow, ...row.wide].map(({ target }) => pgName(target));
    const copy = await tx.copyIn(`copy pg_temp.${stageName(row.mapping)} (${[pgName(PASS), pgName(GONE), ...columns].join(", ")}) from stdin`);
    const line = wideLine(source, row, `${pass}\tf\t`);
    for (;;) {
      const { done, value } = await line.next();
      if (done === true) {
        await copy.finish();
        return value.refused;
      }
      await copy.write(value);
    }
  }
}

export function stageName(mapping: TableMapping): string {
  return pgName(`_changeover_stage_${mapping.id}`);
}

function renderStage(mapping: TableMapping): string {
  const columns = travellingColumns(mapping).map(({ target }) => pgName(target)).join(", ");
  return `create temporary table if not exists ${stageName(mapping)} on commit delete rows as select 0 as ${pgName(PASS)}, false as ${pgName(GONE)}, ${columns} from ${pgTable(mapping.target)} with no data`;
}

export interface ApplyStatements {
  /** Deletes what is gone. */
  readonly remove: string;
  /** Inserts or updates what is there. */
  readonly upsert: string;
  /** For batches in which unique values change hands: deletes all staged keys, so that `insert` meets no old row. */
  readonly removeAll: string;
  readonly insert: string;
}

/** The statements that bring a staged batch into the target's table. */
export function renderApply(mapping: TableMapping): ApplyStatements {
  const target = pgTable(mapping.target);
  const columns = travellingColumns(mapping).map((column) => pgName(column.target));
  const keys = keyColumns(mapping).map((key) => pgName(key.target));
  const list = columns.join(", ");
  // Of the same pass a standing row counts more than a gone one: 1 and 1.0 are two entries of the log and one key.
  const latest = `(select distinct on (${keys.join(", ")}) * from pg_temp.${stageName(mapping)} order by ${keys.join(", ")}, ${pgName(PASS)} desc, ${pgName(GONE)}) as l`;
  const same = keys.map((key) => `t.${key} = l.${key}`).join(" and ");
  const others = columns.filter((column) => !keys.includes(column));
  const conflict = others.length === 0 ? "nothing" : `update set ${others.map((column) => `${column} = excluded.${column}`).join(", ")}`;
  const insert = `insert into ${target} (${list}) overriding system value select ${columns.map((column) => `l.${column}`).join(", ")} from ${latest} where not l.${pgName(GONE)}`;
  return {
    remove: `delete from ${target} as t using ${latest} where ${same} and l.${pgName(GONE)}`,
    upsert: `${insert} on conflict (${keys.join(", ")}) do ${conflict}`,
    removeAll: `delete from ${target} as t using ${latest} where ${same}`,
    insert,
  };
}
