import type { TableMapping, TargetTableName } from "../model/mapping.ts";
import {
  amongOthers,
  MIGRATIONS_TABLE_NAMES,
  migrationTool,
  type TargetMigrationsTable,
  type ToolTable,
  versionColumns,
} from "../model/migration-tool.ts";
import type { Finding } from "../model/proposal.ts";
import { pgName, pgTable } from "../quote.ts";
import { stateSql } from "../target/state-schema.ts";
import type { TargetReader } from "../target/target.ts";

/** Tables of the target in which other tools note their migrations: its schema is theirs. */
export async function readToolTables(session: TargetReader): Promise<TargetMigrationsTable[]> {
  const rows = await session.rows<MigrationsTableRow>(stateSql(session, "target/tool-tables"), [
    MIGRATIONS_TABLE_NAMES,
  ]);
  const found: TargetMigrationsTable[] = [];
  for (const { columns: list, name: shown, schema, table } of rows) {
    const columns = JSON.parse(list) as string[];
    const tool = migrationTool(table, columns);
    if (tool === null) continue;
    // What may not be read is somebody's: it counts as filled.
    const state = await readState(session, { schema, name: table }, columns).catch(() => ({
      isFilled: true,
      version: null,
    }));
    found.push({ table: shown, schema, name: table, tool, ...state });
  }
  const names = found.map(({ name }) => name);
  return found.map((table) => ({ ...table, tool: amongOthers(table.tool, names) }));
}

/** Without those that the run itself fills. */
export function ownMigrationsTables(
  found: readonly TargetMigrationsTable[],
  mappings: readonly TableMapping[],
): TargetMigrationsTable[] {
  return found.filter(
    ({ name, schema }) => !mappings.some(({ target }) => target.schema === schema && target.name === name),
  );
}

interface MigrationsTableRow {
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly columns: string;
}

async function readState(
  session: TargetReader,
  relation: TargetTableName,
  columns: readonly string[],
): Promise<Pick<TargetMigrationsTable, "isFilled" | "version">> {
  const by = versionColumns(relation.name, columns);
  const version = by === null ? "null" : `${pgName(by.version)}::text`;
  const order = by === null ? "" : ` order by ${pgName(by.order)} desc`;
  const rows = await session.rows<{ version: string | null }>(
    `select ${version} as version from ${pgTable(relation)}${order} limit 1`,
  );
  return { isFilled: rows.length > 0, version: rows[0]?.version ?? null };
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
    hint:
      `change the schema with ${name} (${command}), not with changeover's migrations; ` +
      "up and down only know files of their own",
  }));
}
