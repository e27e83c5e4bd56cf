import { RefusedError } from "../errors.ts";
import { type FailbackLoss, NAMED_KEYS } from "../model/failback-loss.ts";
import { type ColumnMapping, keyColumns, type TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import type { TargetReader } from "../target/target.ts";
import {
  columnsByTable,
  readColumns,
  readObjects,
  type SchemaAtCutover,
  type TargetColumn,
  type TargetObject,
} from "./capture/schema-at-cutover.ts";

export interface PresentSchema {
  /** The tables as PostgreSQL has them now: names and types followed, what is gone there left out. */
  readonly mappings: readonly TableMapping[];
  /** What was made or dropped there since the cutover. */
  readonly losses: readonly FailbackLoss[];
}

/** A column whose type changed: how its values go back now. */
export type Retype = (column: ColumnMapping, present: TargetColumn) => ColumnMapping["conversion"];

/** Compares the target with what it was when it opened. */
export async function presentSchema(
  session: TargetReader,
  then: SchemaAtCutover,
  { mappings, retype }: { readonly mappings: readonly TableMapping[]; readonly retype: Retype },
): Promise<PresentSchema> {
  const ids = Object.values(then.tables).map(({ id }) => id);
  const columns = columnsByTable(await readColumns(session, ids));
  const known = new Set(then.objects);
  const added = (await readObjects(session)).filter(({ id }) => !known.has(id));
  const present: TableMapping[] = [];
  const losses: FailbackLoss[] = [];
  for (const mapping of mappings) {
    const before = then.tables[mapping.id];
    const now = before === undefined ? undefined : columns.get(before.id);
    if (before === undefined || now === undefined) {
      losses.push(loss({ kind: "table_dropped", table: mapping.source }));
      continue;
    }
    const followed = follow(mapping, { before: before.columns, now, retype });
    present.push(followed.mapping);
    for (const column of followed.dropped) losses.push(loss({ kind: "column_dropped", table: mapping.source, column }));
    const numbers = new Set(before.columns.map(({ number }) => number));
    for (const column of now.filter(({ number }) => !numbers.has(number)))
      losses.push(await addedColumn(session, followed.mapping, column.name));
  }
  const tables = added.filter(({ kind }) => kind === "table");
  for (const table of tables) losses.push(await addedTable(session, table));
  const inThem = new Set(tables.map(({ name, schema }) => `${schema}.${name}`));
  return {
    mappings: present,
    losses: [
      ...losses,
      ...added
        .filter(({ kind, schema, table }) => kind !== "table" && !inThem.has(`${schema}.${table ?? ""}`))
        .map(({ kind, name, table }) =>
          loss({ kind: "object_added", table: table ?? name, object: `${kind} ${name}`, announced: true }),
        ),
    ],
  };
}

function loss(given: Partial<FailbackLoss> & Pick<FailbackLoss, "kind" | "table">): FailbackLoss {
  return { column: null, count: 0, keys: [], announced: false, ...given };
}

interface Followed {
  readonly before: SchemaAtCutover["tables"][string]["columns"];
  readonly now: readonly TargetColumn[];
  readonly retype: Retype;
}

/** A mapping with the names and types that its table and columns have now. */
function follow(
  mapping: TableMapping,
  { before, now, retype }: Followed,
): { readonly mapping: TableMapping; readonly dropped: readonly string[] } {
  const keys = new Set(keyColumns(mapping).map(({ target }) => target));
  const dropped: string[] = [];
  const columns = mapping.columns.flatMap((column): ColumnMapping[] => {
    const then = before.find(({ name }) => name === column.target);
    const present = now.find(({ number }) => number === then?.number);
    if (keys.has(column.target) && (present?.name !== then?.name || present?.type !== then?.type))
      throw keyChanged(mapping, column.target);
    if (present === undefined) {
      dropped.push(column.source);
      return [];
    }
    return [
      {
        ...column,
        target: present.name,
        ...(present.type === then?.type ? {} : { conversion: retype(column, present) }),
      },
    ];
  });
  const { schema, table } = now[0] ?? { schema: mapping.target.schema, table: mapping.target.name };
  return { mapping: { ...mapping, target: { schema, name: table }, columns }, dropped };
}

async function addedColumn(session: TargetReader, mapping: TableMapping, column: string): Promise<FailbackLoss> {
  const keys = keyColumns(mapping).map(({ target }) => `coalesce(${pgName(target)}::text, 'NULL')`);
  const filled = `from ${pgTable(mapping.target)} where ${pgName(column)} is not null`;
  const [found] = await session.rows<{ count: string; keys: string[] }>(
    `select (select count(*) ${filled})::text as count, array(select concat_ws(', ', ` +
      `${keys.join(", ")}) ${filled} limit ${NAMED_KEYS}) as keys`,
  );
  return loss({
    kind: "column_added",
    table: mapping.source,
    column,
    count: Number(found?.count ?? 0),
    keys: found?.keys ?? [],
  });
}

async function addedTable(session: TargetReader, { name, schema }: TargetObject): Promise<FailbackLoss> {
  // Of a table that is another role's the rows cannot be counted.
  const [may] = await session.rows<{ may: boolean }>("select has_table_privilege($1, 'select') as may", [
    pgTable({ schema, name }),
  ]);
  const [found] =
    may?.may === true
      ? await session.rows<{ count: string }>(`select count(*)::text as count from ${pgTable({ schema, name })}`)
      : [];
  return loss({ kind: "table_added", table: name, count: Number(found?.count ?? 0) });
}

function keyChanged(mapping: TableMapping, column: string): RefusedError {
  return new RefusedError({
    code: "FAILBACK_KEY_CHANGED",
    message:
      `the key column ${column} of ${mapping.target.name} was dropped, renamed or retyped in PostgreSQL ` +
      `since the cutover: changed rows cannot be found in the source any more`,
    hint:
      "give the column its name and type back, then run the same command again; `changeover complete` " +
      "ends the run without a failback",
    context: { table: mapping.source, column },
  });
}
