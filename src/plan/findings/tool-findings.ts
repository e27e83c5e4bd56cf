import { profileOfTool } from "../../model/orm-profile.ts";
import type { PlannedFinding } from "../../model/proposal.ts";
import type { SourceMigrationsTable } from "../../model/source-schema.ts";

/** What is said of tables in which other tools note their migrations: the schema is theirs. */
export function toolFindings(tables: readonly SourceMigrationsTable[]): PlannedFinding[] {
  return tables.map((table) => {
    if (table.own === null) return comesOver(table);
    const isSame = table.version !== null && table.version === table.own.version;
    return isSame ? isTheSame(table, table.own) : staysBehind(table, table.own);
  });
}

function comesOver({ table, tool, version }: SourceMigrationsTable): PlannedFinding {
  return {
    code: "TOOL_MIGRATIONS",
    severity: "info",
    table,
    message:
      `${tool.name} notes its migrations in it: its rows come over, so that the target is at the same ` +
      `version${version === null ? "" : `, ${version}`}`,
    hint:
      profileHint(tool.name) +
      (tool.name === "Drizzle"
        ? "Drizzle looks for its table in the schema drizzle: ALTER TABLE … SET SCHEMA after the cutover. "
        : "") +
      `to have ${tool.name} make the target's tables, run it there first (${tool.command}): its own table stays ` +
      "as it is then",
    rules: [{ description: "the table stays behind", rules: { tables: { [table]: { exclude: true } } } }],
  };
}

function profileHint(tool: string): string {
  const profile = profileOfTool(tool);
  return profile === null ? "" : `--profile ${profile} proposes tables as ${tool} expects them. `;
}

type Own = NonNullable<SourceMigrationsTable["own"]>;

function isTheSame({ table, tool, version }: SourceMigrationsTable, own: Own): PlannedFinding {
  return {
    code: "TOOL_MIGRATIONS",
    severity: "info",
    table,
    message:
      `${tool.name} notes its migrations in it, and has its own table in the target (${own.table}), ` +
      `which stays as it is: both are at version ${version ?? ""}`,
    hint: "nothing to do",
  };
}

function staysBehind({ table, tool, version }: SourceMigrationsTable, own: Own): PlannedFinding {
  const versions =
    version === null && own.version === null
      ? ""
      : `: the source is at version ${version ?? "unknown"}, the target at ${own.version ?? "unknown"}`;
  return {
    code: "TOOL_MIGRATIONS_NOT_TRANSLATED",
    severity: "warning",
    table,
    object: { kind: "migrations-table", name: table },
    message:
      `${tool.name} notes its migrations in it, and has its own table in the target (${own.table}), ` +
      `which stays as it is${versions}`,
    hint: `where that is not the same schema, bring both to one version with ${tool.name} (${tool.command})`,
  };
}
