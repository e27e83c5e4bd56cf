import type { ObjectKind } from "../model/left-out.ts";
import type { StructureObject } from "../model/structure.ts";
import { sql } from "../sql.ts";
import { stateSql } from "../target/state-schema.ts";
import { hasRunStore } from "../target/store/run-store.ts";
import type { TargetReader } from "../target/target.ts";

interface ObjectRow {
  readonly kind: ObjectKind;
  readonly table: string;
  readonly name: string;
  readonly columns: string | null;
}

/** What the target's tables have, and what was only taken off them for the load. */
export async function readStructure(session: TargetReader): Promise<StructureObject[]> {
  const present = await session.rows<ObjectRow>(sql("target/structure"));
  const deferred = (await hasRunStore(session))
    ? await session.rows<ObjectRow>(stateSql(session, "target/structure-deferred"))
    : [];
  return [...present, ...deferred].map(({ columns, ...object }) => ({
    ...object,
    columns: columns === null ? null : (JSON.parse(columns) as string[]),
  }));
}
