import type { ToolTable } from "../model/migration-tool.ts";
import type { PlannedFinding } from "../model/proposal.ts";

/** What is said of tables in which other tools note their migrations: the schema is theirs. */
export function toolFindings(tables: readonly ToolTable[]): PlannedFinding[] {
  return tables.map(({ table, tool }) => ({
    code: "TOOL_MIGRATIONS",
    severity: "info",
    table,
    message: `${tool.name} notes its migrations in it: the schema is ${tool.name}'s, and this table stays behind`,
    hint: `let ${tool.name} make the target's tables (${tool.command}), and changeover fills them; if changeover makes them, tell ${tool.name} that its migrations are applied there`,
    rules: [
      { description: "its rows come over like any other table's", rules: { tables: { [table]: { exclude: false } } } },
    ],
  }));
}
