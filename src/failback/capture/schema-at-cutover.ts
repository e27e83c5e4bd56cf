import type { TableMapping } from "../../model/mapping.ts";
import { pgTable } from "../../quote.ts";
import { sql } from "../../sql.ts";
import { stateSql } from "../../target/state-schema.ts";
import type { TargetReader } from "../../target/target.ts";

/** The target besides its rows, when it opened: what is not in it came later. */
export interface SchemaAtCutover {
  /** Ids of tables, views, indexes, constraints and the like. */
  readonly objects: readonly string[];
  /** Of each mapping, by its number: its table's id, and the numbers, names and types of the columns. */
  readonly tables: Readonly<Record<string, { readonly id: string; readonly columns: readonly ColumnThen[] }>>;
}

export type ColumnThen = Pick<TargetColumn, "number" | "name" | "type">;

export interface TargetColumn {
  readonly id: string;
  readonly schema: string;
  readonly table: string;
  /** It stays when the column gets another name or type. */
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly baseType: string;
  readonly modifier: number;
}

export interface TargetObject {
  readonly id: string;
  readonly kind: string;
  readonly schema: string;
  readonly name: string;
  readonly table: string | null;
}

export function readObjects(session: TargetReader): Promise<TargetObject[]> {
  return session.rows<TargetObject>(stateSql(session, "target/failback-objects"));
}

export function readColumns(session: TargetReader, tables: readonly string[]): Promise<TargetColumn[]> {
  return session.rows<TargetColumn>(sql("target/failback-columns"), [tables]);
}

/** Two queries of the catalogue. */
export async function readSchemaAtCutover(
  session: TargetReader,
  mappings: readonly TableMapping[],
): Promise<SchemaAtCutover> {
  const names = mappings.map(({ target }) => pgTable(target));
  const ids = await session.rows<{ id: string }>(
    "select name::regclass::oid::text as id from unnest($1::text[]) as name",
    [names],
  );
  const columns = await readColumns(
    session,
    ids.map(({ id }) => id),
  );
  const objects = await readObjects(session);
  const byTable = columnsByTable(columns);
  return {
    objects: objects.map(({ id }) => id),
    tables: Object.fromEntries(
      mappings.map(({ id: number }, index) => {
        const id = ids[index]?.id ?? "";
        return [
          number,
          {
            id,
            columns: (byTable.get(id) ?? []).map(({ name, number: place, type }) => ({ name, number: place, type })),
          },
        ];
      }),
    ),
  };
}

export function columnsByTable(columns: readonly TargetColumn[]): Map<string, TargetColumn[]> {
  const byTable = new Map<string, TargetColumn[]>();
  for (const column of columns) {
    const known = byTable.get(column.id);
    if (known === undefined) byTable.set(column.id, [column]);
    else known.push(column);
  }
  return byTable;
}
