import { existsSync, statSync } from "node:fs";
import { lackingFindings } from "../contract/lacking.ts";
import { readStructure } from "../contract/read-structure.ts";
import { missingExtensions, readTargetFacts, type TargetFacts } from "../contract/read-target-facts.ts";
import { serverFindings } from "../contract/server-findings.ts";
import { contractFindings } from "../contract/target-table-findings.ts";
import { ownMigrationsTables, readToolTables, toolTableFindings } from "../contract/tool-tables.ts";
import { readDemands, trialFindings } from "../contract/trial-findings.ts";
import { readCatalogue } from "../inspect/read-catalogue.ts";
import type { TargetCatalogue } from "../model/catalogue.ts";
import { TABLE_FINDINGS } from "../model/finding-code.ts";
import type { ToolTable } from "../model/migration-tool.ts";
import type { Finding, SchemaProposal } from "../model/proposal.ts";
import { seededRule } from "../model/seeded.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { isMendable, isThere, type StructureObject } from "../model/structure.ts";
import { settleFindings } from "../plan/findings/settle-findings.ts";
import { NOTICE_RULES, objectOfFinding } from "../plan/notices.ts";
import { schemaObjects } from "../plan/schema-objects.ts";
import { chooseConversion } from "../plan/types/choose-conversion.ts";
import { conversionOfType } from "../plan/types/conversion-of-type.ts";
import { shellWord } from "../quote.ts";
import { isPending, migrationStatus } from "../schema/migrate/migration-status.ts";
import { migrationTexts } from "../schema/migrate/read-migration-files.ts";
import { loadRun } from "../target/store/run-store.ts";
import { readableTablesHoldingRows } from "../target/tables-holding-rows.ts";
import type { TargetSession } from "../target/target.ts";
import type { Context } from "./context.ts";
import { completeFindings, type FindingOptions, nameRows } from "./findings.ts";
import type { Inspected } from "./inspect.ts";
import { asProposal, type PairedTable, pairTables } from "./pair-tables.ts";
import { seededFindings } from "./seeded/seeded-findings.ts";

/** What the plan says, and what it would make. */
export interface Planned {
  readonly proposal: SchemaProposal;
  readonly findings: readonly Finding[];
}

/**
 * The target's side: what the server says of itself, and for each table that is there already the contract between what
 * its columns demand and what the source will send. Where tables are there, their types count, and the findings of the
 * plan about values only where those are the plan's; what the plan would make and they lack is named.
 */
export async function findingsWithTarget(
  context: Context,
  session: TargetSession,
  inspected: Inspected,
  planned: Planned,
  options: FindingOptions = {},
): Promise<Finding[]> {
  const catalogue = await readCatalogue(session);
  const run = await loadRun(session);
  const pairs = pairTables(context, inspected, catalogue);
  const facts = await readTargetFacts(session);
  const status = existsSync(context.migrationsDirectory) ? await migrationStatus(session, context.migrations) : [];
  const server = serverFindings({
    facts,
    sourceSize: sizeOf(context),
    missingExtensions: await missingExtensions(session, migrationTexts(context.migrationsDirectory)),
    pendingMigrations: status.filter(isPending).map(({ name }) => name),
    makesTables: pairs.length < inspected.schema.tables.length,
    tables: inspected.schema.tables.length,
  });
  const tools = ownMigrationsTables(await readToolTables(session), run?.mappings ?? []).filter(
    ({ isFilled }) => isFilled,
  );
  const general = [...server, ...toolTableFindings(tools)];
  if (pairs.length === 0) return settleFindings([...general, ...planned.findings], context.rules);
  // Tables of our own files have CHECKs that say what the source's say.
  const isOurs = status.length > 0;
  const tables = await presentTableFindings(context, session, {
    inspected,
    catalogue,
    pairs,
    facts,
    isNew: run === null,
    isOurs,
    options,
  });
  const values = await completeFindings(context, inspected, asProposal(context, pairs), options);
  const structure = await readStructure(session);
  const isComplete = !status.some(isPending);
  const missing = isComplete ? missingTables(inspected, pairs) : [];
  const targets = new Map(pairs.map(({ source, target }) => [source.name, target]));
  const lacking = isComplete ? lackingFindings(schemaObjects(planned.proposal), structure, targets) : [];
  return settleFindings(
    [
      ...general,
      ...planned.findings.filter((finding) => stillHolds(finding, { inspected, pairs, planned, structure })),
      ...lacking,
      ...missing.map((table) => tableMissing(table, tools)),
      ...tables,
      ...values,
    ],
    context.rules,
  );
}

function missingTables(inspected: Inspected, pairs: readonly PairedTable[]): SourceTable[] {
  return inspected.schema.tables.filter(
    ({ name }) => !pairs.some(({ source }) => source.name === name) && !isMigrationsTable(inspected, name),
  );
}

interface PresentTables {
  readonly inspected: Inspected;
  readonly catalogue: TargetCatalogue;
  readonly pairs: readonly PairedTable[];
  readonly facts: TargetFacts;
  /** What is there before a run is judged by asking; once it runs, the copy does. */
  readonly isNew: boolean;
  readonly isOurs: boolean;
  readonly options: FindingOptions;
}

/** The contract between each table that is there and what the source will send. */
async function presentTableFindings(
  context: Context,
  session: TargetSession,
  { catalogue, facts, inspected, isNew, isOurs, options, pairs }: PresentTables,
): Promise<Finding[]> {
  const { rules } = context;
  const found: Finding[] = [];
  const demands = isNew ? await readDemands(session) : null;
  const targets = pairs.map(({ target }) => target);
  const filledTables = new Set(isNew ? await readableTablesHoldingRows(session, targets) : []);
  for (const { names, source, target } of pairs) {
    const profile = inspected.profiles.find(({ table }) => table === source.name);
    if (profile === undefined) continue;
    const table = { source, target, profile, names, rules };
    const isFilled = filledTables.has(target);
    if (isFilled) found.push(...(await seededFindings(context, session, { table: source.name, inspected, catalogue })));
    const filled = isFilled && seededRule(rules, source.name) === null;
    found.push(...contractFindings({ ...table, filled, facts: facts.tables.find(({ name }) => name === target.name) }));
    if (demands === null) continue;
    const tried = await trialFindings(context.source, session, {
      ...table,
      demands: demands.filter(({ check }) => check === null || !isOurs),
      version: facts.version,
    });
    found.push(...(await nameRows(context.source, source, profile, tried, options)));
  }
  return found;
}

/** A table of another tool, which the run makes where the target has none. */
export function isMigrationsTable({ schema }: Pick<Inspected, "schema">, table: string): boolean {
  return (schema.tools ?? []).some((known) => known.table === table && known.own === null);
}

interface Present {
  readonly inspected: Inspected;
  readonly pairs: readonly PairedTable[];
  readonly planned: Planned;
  readonly structure: readonly StructureObject[];
}

/** Whether what the plan says of a table is true of the one that is there. */
function stillHolds(finding: Finding, { inspected, pairs, planned, structure }: Present): boolean {
  const object = objectOfFinding(finding);
  if (object !== null) return !(isMendable(object, NOTICE_RULES[finding.code].change) && isThere(object, structure));
  const pair = pairs.find(({ source }) => source.name === finding.table);
  if (pair === undefined || (TABLE_FINDINGS as readonly string[]).includes(finding.code)) return true;
  if (finding.severity !== "warning" || finding.column === undefined) return false;
  const column = pair.target.columns.find(({ name }) => name === pair.names.get(finding.column ?? ""));
  const type = planned.proposal.tables
    .find(({ source }) => source === finding.table)
    ?.columns.find(({ source }) => source === finding.column)?.type;
  if (column === undefined || type === undefined) return false;
  const profile = inspected.profiles
    .find(({ table }) => table === finding.table)
    ?.columns.find((seen) => seen.column === finding.column);
  return JSON.stringify(chooseConversion(column, profile)) === JSON.stringify(conversionOfType(type, profile));
}

function tableMissing({ name }: SourceTable, [owner]: readonly ToolTable[]): Finding {
  return {
    code: "TARGET_TABLE_MISSING",
    severity: "blocking",
    table: name,
    message: "all migrations are applied, and the target has no table for it",
    hint:
      owner === undefined
        ? `leave the table behind with --exclude ${shellWord(name)}, or add it in a migration file`
        : `the schema there is ${owner.tool.name}'s: apply its migrations (${owner.tool.command}), or ` +
          `exclude the table by a rule`,
    rules: [{ description: "the table stays behind", rules: { tables: { [name]: { exclude: true } } } }],
  };
}

function sizeOf({ source }: Context): number | null {
  return source.path === null ? null : statSync(source.path).size;
}
