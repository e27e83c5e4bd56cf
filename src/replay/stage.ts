import type { TargetSession, TargetTransaction } from "../db/target.ts";
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

  /** Loads a page of the copy: every entry of the log counts more. */
  async loadPage(tx: TargetTransaction, mapping: TableMapping, text: Uint8Array): Promise<void> {
    const copy = await tx.copyIn(`copy pg_temp.${stageName(mapping)} (${travellingColumns(mapping).map(({ target }) => pgName(target)).join(", ")}) from stdin`);
    await copy.write(text);
    await copy.finish();
  }

  async load(tx: TargetTransaction, mapping: TableMapping, text: Uint8Array): Promise<void> {
    const columns = travellingColumns(mapping).map(({ target }) => pgName(target));
    const copy = await tx.copyIn(`copy pg_temp.${stageName(mapping)} (${[pgName(PASS), pgName(GONE), ...columns].join(", ")}) from stdin`);
    await copy.write(text);
    await copy.finish();
  }
}

export function stageName(mapping: TableMapping): string {
  return pgName(`_changeover_stage_${mapping.id}`);
}

function renderStage(mapping: TableMapping): string {
  const columns = travellingColumns(mapping).map(({ target }) => pgName(target)).join(", ");
  const defaults = `alter column ${pgName(PASS)} set default -1, alter column ${pgName(GONE)} set default false`;
  return `create temporary table if not exists ${stageName(mapping)} on commit delete rows as select 0 as ${pgName(PASS)}, false as ${pgName(GONE)}, ${columns} from ${pgTable(mapping.target)} with no data;\nalter table pg_temp.${stageName(mapping)} ${defaults}`;
}

export interface ApplyStatements {
  /** Deletes what is gone. */
  readonly remove: string;
  /** Inserts or updates what is there. */
  readonly upsert: string;
  /** For batches in which unique values change hands: deletes all staged keys, so that `insert` meets no old row. */
  readonly removeAll: string;
  /** For tables that are copied again: deletes all rows. */
  readonly clear: string;
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
    clear: `delete from ${target}`,
    removeAll: `delete from ${target} as t using ${latest} where ${same}`,
    insert,
  };
}
