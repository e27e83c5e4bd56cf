import type { TargetTableName } from "../../model/mapping.ts";
import { pgTable } from "../../quote.ts";
import type { Deferred } from "./deferred-objects.ts";

export interface ObjectsOfTable {
  readonly table: TargetTableName;
  readonly objects: Deferred[];
  readonly isAnalyzed: boolean;
}

/** Groups objects by table, in their order; tables to analyze are included even without objects. */
export function byTable(
  objects: readonly Deferred[],
  analyzed: readonly TargetTableName[] = [],
): readonly ObjectsOfTable[] {
  const tables = new Map<string, ObjectsOfTable>(
    analyzed.map((table) => [pgTable(table), { table, objects: [], isAnalyzed: true }]),
  );
  for (const object of objects) {
    const table = { schema: object.schema, name: object.relation };
    const known = tables.get(pgTable(table));
    if (known === undefined) tables.set(pgTable(table), { table, objects: [object], isAnalyzed: false });
    else known.objects.push(object);
  }
  return [...tables.values()];
}
