import { createHash } from "node:crypto";
import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import type { Tuple } from "../model/key.ts";
import { keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { type BoundKey, bindKey } from "../rows/bind-key.ts";
import { largeRow, largeRowChunks } from "../rows/large-row.ts";
import type { Source } from "../source/source.ts";
import type { TargetTransaction } from "../target/target.ts";
import { comparer, type Difference, type Excuse } from "./compare.ts";
import type { LookUp } from "./look-up.ts";
import { renderRawQueries } from "./render-raw.ts";
import { unpackRows } from "./unpack.ts";

export interface LargeRowComparison {
  readonly source: Source;
  readonly mapping: TableMapping;
  readonly lookUp: LookUp;
  readonly key: Tuple;
  readonly captured: boolean;
  /** The target's watermark in the transaction's snapshot. */
  readonly watermark: bigint;
  /** The target's log of keys that the failback has not applied yet, if there is one. */
  readonly log?: string;
  readonly excuse?: Excuse;
}

/**
 * Compares a row too large to be read at once: its large values by their SHA-256, computed on each side, the others by
 * value. The source is read in several snapshots; unless the key was logged by the end, the row was the same in all of
 * them.
 */
export async function compareLargeRow(
  tx: TargetTransaction,
  options: LargeRowComparison,
): Promise<Difference | "pending" | null> {
  const { key, lookUp, mapping, source } = options;
  const row = await largeRow(source, mapping, key);
  const narrow: TableMapping = {
    ...mapping,
    columns: mapping.columns.filter((column) => !row.large.some(({ source: name }) => name === column.source)),
  };
  const bound = bindKey(key);
  const { one } = renderRawQueries(narrow, { captured: false, order: keyColumns(mapping) });
  const [read] = await source.read((reader) => reader.rows(one(bound.expressions), [0n, ...bound.args]));
  const digests: string[] = [];
  for (const column of row.large) {
    const digest = createHash("sha256");
    for await (const chunk of largeRowChunks(source, row, column)) digest.update(chunk);
    digests.push(digest.digest("hex"));
  }
  if (read?.[0] == null || (await isPending(options, bound))) return "pending";
  const [raw] = unpackRows(new Uint8Array(read[0] as ArrayBuffer), narrow);
  const found = await lookUp.rows(tx, narrow, asUtf8(read[1] as ArrayBuffer, mapping), options.log);
  if (raw === undefined || found.pending[0] === true) return "pending";
  const targetRows = found.targetRows[0] ?? null;
  const { excuse } = options;
  const difference = comparer(
    narrow,
    (index, value, text, ofRow) =>
      excuse?.(
        mapping.columns.findIndex(({ source: name }) => name === narrow.columns[index]?.source),
        value,
        text,
        ofRow,
      ) === true,
  )(raw, targetRows);
  if (targetRows === null) return difference;
  const theirs = await lookUp.digests(tx, mapping, asUtf8(read[1] as ArrayBuffer, mapping), row.large);
  const columns = [
    ...(difference?.columns ?? []),
    ...row.large.filter((_, index) => theirs[index] !== digests[index]).map((column) => column.source),
  ];
  return columns.length === 0 ? null : { key, what: "different", columns };
}

async function isPending(
  { captured, mapping, source, watermark }: LargeRowComparison,
  bound: BoundKey,
): Promise<boolean> {
  if (!captured) return false;
  const same = keyColumns(mapping).map(
    (_, position) => `${logKeyColumn(position)} = ${bound.expressions[position] ?? "NULL"}`,
  );
  const found = await source.read((tx) =>
    tx.rows(
      `SELECT 1 FROM ${sqliteName(LOG_TABLE)} WHERE seq > ? AND tbl = ${mapping.id} AND ${same.join(" AND ")} LIMIT 1`,
      [watermark, ...bound.args],
    ),
  );
  return found.length > 0;
}
