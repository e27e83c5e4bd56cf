import type { PlannedFinding } from "../../model/proposal.ts";
import type { SourceLedger } from "../../model/schema.ts";

/** What is said of tables in which other tools note their migrations: the schema is theirs. */
export function toolFindings(ledgers: readonly SourceLedger[]): PlannedFinding[] {
  return ledgers.map((quarantine) => {
    if (quarantine.own === null) return comesOver(quarantine);
    const isSame = quarantine.version !== null && quarantine.version === quarantine.own.version;
    return isSame ? isTheSame(quarantine, quarantine.own) : staysBehind(quarantine, quarantine.own);
  });
}

function comesOver({ table, tool, version }: SourceLedger): PlannedFinding {
  return {
    code: "TOOL_MIGRATIONS",
    severity: "info",
    table,
    message:
      `${tool.name} notes its migrations in it: its rows come over, so that the target is at the same ` +
      `version${version === null ? "" : `, ${version}`}`,
    hint:
      (tool.name === "Drizzle"
        ? "Drizzle looks for its table in the schema drizzle: ALTER TABLE … SET SCHEMA after the cutover. "
        : "") +
      `to have ${tool.name} make the target's tables, run it there first (${tool.command}): its own table stays ` +
      "as it is then",
    rules: [{ description: "the table stays behind", rules: { tables: { [table]: { exclude: true } } } }],
  };
}

type Own = NonNullable<SourceLedger["own"]>;

function isTheSame({ table, tool, version }: SourceLedger, own: Own): PlannedFinding {
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

function staysBehind({ table, tool, version }: SourceLedger, own: Own): PlannedFinding {
  const versions =
    version === null && own.version === null
      ? ""
      : `: the source is at version ${version ?? "unknown"}, the target at ${own.version ?? "unknown"}`;
  return {
    code: "TOOL_LEDGER_NOT_TRANSLATED",
    severity: "warning",
    table,
    object: { kind: "migration-ledger", name: table },
    message:
      `${tool.name} notes its migrations in it, and has its own table in the target (${own.table}), ` +
      `which stays as it is${versions}`,
    hint: `where that is not the same schema, bring both to one version with ${tool.name} (${tool.command})`,
  };
}
