import { setTimeout as delay } from "node:timers/promises";
import { lastLogged } from "../db/change-log.ts";
import { sqliteCode } from "../db/source-error.ts";
import type { Source, SourceReader } from "../db/source.ts";
import type { TargetSession } from "../db/target.ts";
import { RefusedError } from "../errors.ts";
import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import { type KeyColumn, type TableMapping, keyColumns } from "../model/mapping.ts";
import { pgName, pgTable, sqliteName } from "../quote.ts";
import { asUtf8 } from "../value/as-utf8.ts";
import { copyField, copyLine } from "../value/render-row.ts";
import { representable, sameKey } from "../value/same-key.ts";

export interface CountOptions {
  readonly run: string;
  readonly source: Source;
  readonly session: TargetSession;
  readonly captured: boolean;
  readonly mapping: TableMapping;
}

/**
 * Rows in the target beyond those of the source. Counts of both sides are taken at different moments; keys logged
 * in between are left out of both, so the rest must be equal to the row.
 */
export async function countExtras(options: CountOptions): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const counted = await count(options);
    if (counted !== null) return Math.max(0, counted.target - counted.source);
    // Too much in flight to tell apart: wait for replay to come nearer.
    await delay(100);
  }
  throw new RefusedError({
    code: "TOO_FAR_BEHIND",
    message: `the target is too far behind the source to count the rows of ${options.mapping.source}`,
    hint: "let `changeover sync` catch up first",
    context: { table: options.mapping.source },
  });
}

const IN_FLIGHT_LIMIT = 50_000n;

async function count(options: CountOptions): Promise<{ source: number; target: number } | null> {
  const { mapping, source, session, captured } = options;
  const target = pgTable(mapping.target);
  const keys = keyColumns(mapping).map((key) => pgName(key.target));
  const flying = pgName(`_changeover_flying_${mapping.id}`);
  return session.transaction(
    async (tx) => {
      const [seen] = await tx.rows<{ watermark: string; rows: string }>(`select (select watermark from changeover.run where id = $1)::text as watermark, (select count(*) from ${target})::text as rows`, [options.run]);
      const watermark = BigInt(seen?.watermark ?? 0);
      const read = await source.read(async (reader) => {
        const last = captured ? await lastLogged(reader) : watermark;
        if (last - watermark > IN_FLIGHT_LIMIT) return null;
        const rows = await countSource(reader, mapping.source);
        const inFlight = last > watermark ? (await reader.rows(renderInFlight(mapping), [watermark, last]))[0] : undefined;
        return { rows, inFlight };
      });
      if (read === null) return null;
      const [lines, standing] = read.inFlight ?? [];
      let arrived = 0;
      if (lines != null) {
        await tx.run(`create temporary table ${flying} on commit drop as select ${keys.join(", ")} from ${target} with no data`);
        const copy = await tx.copyIn(`copy pg_temp.${flying} from stdin`);
        await copy.write(asUtf8(lines as ArrayBuffer, mapping));
        await copy.finish();
        const [there] = await tx.rows<{ rows: string }>(`select count(*)::text as rows from (select distinct ${keys.join(", ")} from pg_temp.${flying}) as l join ${target} as t using (${keys.join(", ")})`);
        arrived = Number(there?.rows ?? 0);
      }
      return { source: read.rows - Number(standing ?? 0n), target: Number(seen?.rows ?? 0) - arrived };
    },
    { isolation: "repeatable read" },
  );
}

async function countSource(reader: SourceReader, table: string): Promise<number> {
  const statement = `SELECT count(*) FROM ${sqliteName(table)}`;
  // SQLite counts by an index where there is one, and cannot open one whose collation only the application has.
  const [row] = await reader.rows(statement).catch((error: unknown) => {
    if (sqliteCode(error) !== "SQLITE_ERROR") throw error;
    return reader.rows(`${statement} NOT INDEXED`);
  });
  return Number(row?.[0] ?? 0n);
}

/** Keys logged in a range as COPY lines, and how many of them stand in the source. */
function renderInFlight(mapping: TableMapping): string {
  const keys = keyColumns(mapping);
  const logged = keys.map((key, position): KeyColumn => ({ ...key, source: logKeyColumn(position) }));
  const joined = keys.map((key, position) => sameKey(key, `t.${sqliteName(key.source)}`, `l.${logKeyColumn(position)}`)).join(" AND ");
  const names = logged.map(({ source }) => source).join(", ");
  const line = copyLine(logged.map((column) => copyField(column, "l")));
  return `SELECT CAST(group_concat(line, '') AS BLOB), coalesce(sum(standing), 0) FROM (SELECT ${line} AS line, EXISTS (SELECT 1 FROM ${sqliteName(mapping.source)} AS t WHERE ${joined}) AS standing FROM (SELECT DISTINCT ${names} FROM ${sqliteName(LOG_TABLE)} WHERE seq > ? AND seq <= ? AND tbl = ${mapping.id}) AS l WHERE ${representable(keys)})`;
}
