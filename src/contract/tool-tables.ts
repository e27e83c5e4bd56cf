import type { TargetReader } from "../db/target.ts";
import { LEDGER_NAMES, migrationTool, type ToolTable } from "../model/migration-tool.ts";
import type { Finding } from "../model/proposal.ts";
import { sql } from "../sql.ts";

/** Tables of the target in which other tools note their migrations: its schema is theirs. */
export async function readToolTables(session: TargetReader): Promise<ToolTable[]> {
  const rows = await session.rows<{ name: string; table: string; columns: string }>(sql("target/tool-tables"), [
    LEDGER_NAMES,
  ]);
  return rows.flatMap(({ columns, name, table }) => {
    const tool = migrationTool(table, JSON.parse(columns) as string[]);
    return tool === null ? [] : [{ table: name, tool }];
  });
}

/** One for each tool, however many tables it keeps. */
export function toolTableFindings(found: readonly ToolTable[]): Finding[] {
  const tools = new Map(found.map(({ tool }) => [tool.name, tool]));
  return [...tools.values()].map(({ command, name }) => ({
    code: "TARGET_TOOL_MIGRATIONS",
    severity: "info",
    table: "",
    message: `the target's schema is ${name}'s, which notes its migrations there in ${found
      .filter(({ tool }) => tool.name === name)
      .map(({ table }) => table)
      .join(" and ")}: changeover fills tables that ${name} made, and never touches that`,
    hint: `change the schema with ${name} (${command}), not with changeover's migrations; up and down only know files of their own`,
  }));
}
