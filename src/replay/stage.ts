import { copiedColumns, keyColumns, type TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import { BINARY_BEGIN, BINARY_END } from "../rows/encode/copy-binary-of-json.ts";
import type { EncodedRows } from "../rows/encode/copy-format.ts";
import { type LargeRow, largeRowLine } from "../rows/large-row.ts";
import { renderValues } from "../rows/render-values.ts";
import type { Source } from "../source/source.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";

/** Columns of a staging table next to the target's own. No application has such names. */
const PASS = "_changeover_pass";
const DELETED = "_changeover_deleted";
/** The row's key as the source has it, where rows may be quarantined. */
const KEY = "_changeover_key";

/**
 * Staging tables of one session: changed rows wait there until the batch is complete. A key may be
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
    const missing = new Map<number, TableMapping>();
    for (const mapping of mappings)
      if (!this.#made.has(mapping.id) && !missing.has(mapping.id)) missing.set(mapping.id, mapping);
    if (missing.size === 0) return;
    await this.#session.run([...missing.values()].map(renderStage).join(";\n"));
    for (const id of missing.keys()) this.#made.add(id);
  }

  /** Forgets what a batch made that was rolled back. */
  forget(): void {
    this.#made.clear();
  }

  /** Rows of the same format go in one COPY. */
  async load(tx: TargetTransaction, mapping: TableMapping, rows: readonly EncodedRows[]): Promise<void> {
    for (const format of ["binary", "text"] as const) {
      const parts = rows.filter((part) => part.format === format);
      if (parts.length === 0) continue;
      const copy = await tx.copyIn(`${stageCopy(mapping)}${format === "binary" ? " with (format binary)" : ""}`);
      if (format === "binary") await copy.write(BINARY_BEGIN);
      for (const { data } of parts) await copy.write(data);
      if (format === "binary") await copy.write(BINARY_END);
      await copy.finish();
    }
  }

  /** The statement that takes out what was staged and is applied. */
  renderEmptying(mapping: TableMapping): string {
    return `truncate pg_temp.${stageName(mapping)}`;
  }

  /** Stages a row whose large values come in chunks; nothing if it is deleted. Returns whether a value may not pass. */
  async loadLargeRow(
    tx: TargetTransaction,
    row: LargeRow,
    { source, pass }: { readonly source: Source; readonly pass: number },
  ): Promise<boolean> {
    const columns = [...row.small, ...row.large].map(({ target }) => pgName(target));
    const copy = await tx.copyIn(
      `copy pg_temp.${stageName(row.mapping)} (${[pgName(PASS), pgName(DELETED), ...columns].join(", ")}) from stdin`,
    );
    const line = largeRowLine(source, row, `${pass}\tf\t`);
    for (;;) {
      const { done, value } = await line.next();
      if (done === true) {
        await copy.finish();
        return value.rejected;
      }
      await copy.write(value);
    }
  }
}

/** Fields of a staged line before the row's own. */
export function leadingFields(mapping: TableMapping): readonly string[] {
  return mapping.quarantine === true ? [PASS, DELETED, KEY] : [PASS, DELETED];
}

export function stageCopy(mapping: TableMapping): string {
  return `copy ${stagedRow(mapping)} from stdin`;
}

/** The same rows as an INSERT; null where no statement can hold them. */
export function renderStaging(mapping: TableMapping, { data, format }: EncodedRows): string | null {
  const values = format === "text" ? renderValues(data) : null;
  return values === null ? null : `insert into ${stagedRow(mapping)} ${values}`;
}

function stagedRow(mapping: TableMapping): string {
  const columns = copiedColumns(mapping).map(({ target }) => target);
  return `pg_temp.${stageName(mapping)} (${[...leadingFields(mapping), ...columns].map(pgName).join(", ")})`;
}

/** For the pages of a copy, whose lines have no pass: every entry of the log counts more. */
export function stagePages(mapping: TableMapping): string {
  const columns = copiedColumns(mapping).map(({ target }) => target);
  return (
    `copy pg_temp.${stageName(mapping)} ` +
    `(${[...(mapping.quarantine === true ? [KEY] : []), ...columns].map(pgName).join(", ")}) from stdin`
  );
}

function stageName(mapping: TableMapping): string {
  return pgName(`_changeover_stage_${mapping.id}`);
}

function renderStage(mapping: TableMapping): string {
  const columns = copiedColumns(mapping)
    .map(({ target }) => pgName(target))
    .join(", ");
  const defaults = `alter column ${pgName(PASS)} set default -1, alter column ${pgName(DELETED)} set default false`;
  const row = `${mapping.quarantine === true ? `''::text as ${pgName(KEY)}, ` : ""}${columns}`;
  // One of an earlier stage in this session may have other columns.
  return (
    `drop table if exists pg_temp.${stageName(mapping)};\n` +
    `create temporary table ${stageName(mapping)} on commit delete rows as ` +
    `select 0 as ${pgName(PASS)}, false as ${pgName(DELETED)}, ${row} from ${pgTable(mapping.target)} ` +
    `with no data;\nalter table pg_temp.${stageName(mapping)} ${defaults}`
  );
}

export interface ApplyStatements {
  /** Deletes the rows that the source deleted. */
  readonly remove: string;
  /** Inserts or updates what is there. */
  readonly upsert: string;
  /** The same, where rows lie in the order of their keys, each key once. */
  readonly upsertAscending: string;
  /** For batches in which unique values change hands: deletes all staged keys, so that `insert` meets no old row. */
  readonly removeAll: string;
  /** For tables that are copied again: deletes all rows. */
  readonly clear: string;
  readonly insert: string;
  /** For a part of the staged rows that are there, in the order of their keys. Only where rows may be quarantined. */
  readonly part: (rows: StagedPart) => PartStatements;
}

export interface StagedPart {
  readonly from: number;
  readonly rows: number;
}

export interface PartStatements {
  readonly upsert: string;
  readonly insert: string;
  /** Deletes the rows from the target, by their key. */
  readonly remove: string;
  /** Their keys as the source has them: `key`. */
  readonly keys: string;
}

/** The statements that bring a staged batch into the target's table. */
export function renderApply(mapping: TableMapping): ApplyStatements {
  const target = pgTable(mapping.target);
  const columns = copiedColumns(mapping).map((column) => pgName(column.target));
  const keys = keyColumns(mapping).map((key) => pgName(key.target));
  const list = columns.join(", ");
  // Of the same pass a source row counts more than a deleted one: 1 and 1.0 are two entries of the log and one key.
  const latest =
    `(select distinct on (${keys.join(", ")}) * from pg_temp.${stageName(mapping)} ` +
    `order by ${keys.join(", ")}, ${pgName(PASS)} desc, ${pgName(DELETED)}) as l`;
  const same = keys.map((key) => `t.${key} = l.${key}`).join(" and ");
  const others = columns.filter((column) => !keys.includes(column));
  const conflict =
    others.length === 0
      ? "nothing"
      : `update set ${others.map((column) => `${column} = excluded.${column}`).join(", ")}`;
  const values = columns.map((column) => `l.${column}`).join(", ");
  const into = `insert into ${target} (${list}) overriding system value select ${values} from`;
  const insert = `${into} ${latest} where not l.${pgName(DELETED)}`;
  return {
    remove: `delete from ${target} as t using ${latest} where ${same} and l.${pgName(DELETED)}`,
    upsert: `${insert} on conflict (${keys.join(", ")}) do ${conflict}`,
    upsertAscending:
      `${into} pg_temp.${stageName(mapping)} as l where not l.${pgName(DELETED)} on conflict ` +
      `(${keys.join(", ")}) do ${conflict}`,
    clear: `delete from ${target}`,
    removeAll: `delete from ${target} as t using ${latest} where ${same}`,
    insert,
    part({ from, rows }) {
      const part =
        `(select l.* from ${latest} where not l.${pgName(DELETED)} ` +
        `order by ${keys.map((key) => `l.${key}`).join(", ")} limit ${rows} offset ${from}) as l`;
      return {
        upsert: `${into} ${part} on conflict (${keys.join(", ")}) do ${conflict}`,
        insert: `${into} ${part}`,
        remove: `delete from ${target} as t using ${part} where ${same}`,
        keys: `select l.${pgName(KEY)} as key from ${part}`,
      };
    },
  };
}
