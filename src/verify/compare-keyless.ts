import type { TableMapping } from "../model/mapping.ts";
import { pgName, pgTable, sqliteName } from "../quote.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { mappedRelation } from "../rows/render-relation.ts";
import { copyField, copyLine } from "../rows/render-row.ts";
import type { Source } from "../source/source.ts";
import { listQuarantine, type QuarantinePlace } from "../target/store/quarantine-store.ts";
import type { TargetSession } from "../target/target.ts";

export interface KeylessOptions {
  readonly run: string;
  readonly source: Source;
  readonly session: TargetSession;
  readonly mapping: TableMapping;
}

const PAGE_ROWS = 1_000n;

/**
 * Compares a table whose rows nothing tells apart any more (the cutover dropped the rowid column): as two bags of rows.
 * Unlike the comparison by key, this one shares the copy's encoding; before the cutover the rows were compared by
 * rowid.
 */
export async function compareKeyless({
  run,
  source,
  session,
  mapping,
}: KeylessOptions): Promise<{ rows: number; differences: number; quarantineRows: number }> {
  const { identity } = mapping;
  if (identity.kind !== "rowid") throw new RangeError(`${mapping.source} has a key`);
  const rowid = sqliteName(identity.rowidName);
  const line = copyLine(mapping.columns.map((column) => copyField(column, "t")));
  // What the quarantine names is left out; a row that lost a value only is then one too many in the target.
  const quarantined =
    mapping.quarantine === true ? await quarantinedRowids(session, { run, mapping }) : { ids: [], values: 0 };
  const but = quarantined.ids.length === 0 ? "" : ` AND t.${rowid} NOT IN (${quarantined.ids.join(", ")})`;
  const page =
    `SELECT CAST(group_concat(line, '') AS BLOB), max(id), count(*) FROM (SELECT t.${rowid} AS id, ` +
    `${line} AS line FROM ${mappedRelation(mapping)} AS t WHERE t.${rowid} > ?${but} ORDER BY t.${rowid} ` +
    `LIMIT ${PAGE_ROWS})`;
  const columns = mapping.columns.map(({ target }) => pgName(target));
  const bag = pgName(`_changeover_bag_${mapping.id}`);
  return session.transaction(async (tx) => {
    await tx.run(
      `create temporary table ${bag} on commit drop as select ${columns.join(", ")} ` +
        `from ${pgTable(mapping.target)} with no data`,
    );
    let rows = 0;
    for (let after = -(2n ** 63n); ; ) {
      const [read] = await source.read((reader) => reader.rows(page, [after]));
      const [text, last, count] = read ?? [];
      if (text == null || typeof last !== "bigint") break;
      const copy = await tx.copyIn(`copy pg_temp.${bag} from stdin`);
      await copy.write(asUtf8(text as ArrayBuffer, mapping));
      await copy.finish();
      rows += Number(count);
      after = last;
    }
    const values = columns.map((column) => `${column}::text`).join(", ");
    const [differing] = await tx.rows<{ rows: string }>(
      `select greatest((select count(*) from (select ${values} from pg_temp.${bag} except all ` +
        `select ${values} from ${pgTable(mapping.target)}) a), (select count(*) from (select ${values} ` +
        `from ${pgTable(mapping.target)} except all select ${values} from pg_temp.${bag}) b))::text as rows`,
    );
    return {
      rows,
      differences: Math.max(0, Number(differing?.rows ?? 0) - quarantined.values),
      quarantineRows: quarantined.ids.length,
    };
  });
}

async function quarantinedRowids(
  session: TargetSession,
  { run, mapping }: QuarantinePlace,
): Promise<{ ids: readonly bigint[]; values: number }> {
  const ids: bigint[] = [];
  let values = 0;
  for (let after = 0n; ; ) {
    const entries = await listQuarantine(session, { run, table: mapping.source, after, limit: 1_000 });
    for (const { key, what } of entries) {
      const [value] = key;
      if (value?.type === "integer") ids.push(BigInt(value.value));
      if (what === "value") values++;
    }
    const last = entries.at(-1);
    if (last === undefined) return { ids, values };
    after = last.id;
  }
}
