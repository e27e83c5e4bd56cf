import type { ProposedTable } from "../../model/proposal.ts";

/** Each table after those that it refers to; where they refer to each other, in the source's order. */
export function orderTables(tables: readonly ProposedTable[]): ProposedTable[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const ordered = new Set<ProposedTable>();
  const visited = new Set<ProposedTable>();
  const visit = (table: ProposedTable): void => {
    if (visited.has(table)) return;
    visited.add(table);
    for (const { parentTable } of table.foreignKeys) {
      const parent = byName.get(parentTable);
      if (parent !== undefined) visit(parent);
    }
    ordered.add(table);
  };
  for (const table of tables) visit(table);
  return [...ordered];
}
