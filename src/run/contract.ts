import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { lackingFindings } from "../contract/lacking.ts";
import { readStructure } from "../contract/read-structure.ts";
import { missingExtensions, readTargetFacts } from "../contract/read-target-facts.ts";
import { serverFindings } from "../contract/server-findings.ts";
import { contractFindings } from "../contract/table-findings.ts";
import { ownLedgers, readToolTables, toolTableFindings } from "../contract/tool-tables.ts";
import { readDemands, trialFindings } from "../contract/trial-findings.ts";
import { RefusedError } from "../errors.ts";
import { readCatalogue } from "../inspect/read-catalogue.ts";
import type { CatalogueTable, TargetCatalogue } from "../model/catalogue.ts";
import { TABLE_FINDINGS } from "../model/finding-code.ts";
import type { TargetLedger, ToolTable } from "../model/migration-tool.ts";
import type { Finding, ProposedTable, SchemaProposal } from "../model/proposal.ts";
import type { SourceTable } from "../model/schema.ts";
import { isMendable, isThere, type StructureObject } from "../model/structure.ts";
import { settleFindings } from "../plan/findings/settle-findings.ts";
import { objectOfFinding, TELLINGS } from "../plan/left-out.ts";
import { changedNames } from "../plan/names/target-names.ts";
import { findByName } from "../plan/propose/map-tables.ts";
import { schemaObjects } from "../plan/schema-objects.ts";
import { chooseConversion } from "../plan/types/choose-conversion.ts";
import { conversionOfType } from "../plan/types/conversion-of-type.ts";
import { pgTable } from "../quote.ts";
import { isPending, migrationStatus } from "../schema/migrate/migration-status.ts";
import { loadRun } from "../target/store/run-store.ts";
import { tablesHoldingRows } from "../target/tables-holding-rows.ts";
import type { TargetSession } from "../target/target.ts";
import type { Context } from "./context.ts";
import { completeFindings, type FindingOptions, nameRows } from "./findings.ts";
import type { Inspected } from "./inspect.ts";

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
  const status = existsSync(context.migrationsDirectory)
    ? await migrationStatus(session, context.migrationsDirectory)
    : [];
  const server = serverFindings({
    facts,
    sourceSize: sizeOf(context),
    missingExtensions: await missingExtensions(session, migrationTexts(context.migrationsDirectory)),
    pendingMigrations: status.filter(isPending).map(({ name }) => name),
    makesTables: pairs.length < inspected.schema.tables.length,
  });
  const tools = ownLedgers(await readToolTables(session), run?.mappings ?? []).filter(({ isFilled }) => isFilled);
  const said = [...server, ...toolTableFindings(tools)];
  if (pairs.length === 0) return settleFindings([...said, ...planned.findings], context.rules);
  const tables: Finding[] = [];
  // What is there before a run is judged by asking; once it runs, the copy does.
  const demands = run === null ? await readDemands(session) : null;
  const filled = new Set(
    run === null
      ? await tablesWithRows(
          session,
          pairs.map(({ target }) => target),
        )
      : [],
  );
  for (const { names, source, target } of pairs) {
    const profile = inspected.profiles.find(({ table }) => table === source.name);
    if (profile === undefined) continue;
    const isFilled = filled.has(target);
    tables.push(
      ...contractFindings({
        source,
        target,
        profile,
        names,
        filled: isFilled,
        facts: facts.tables.find(({ name }) => name === target.name),
        rules: context.rules,
      }),
    );
    if (demands === null) continue;
    // Tables of our own files have CHECKs that say what the source's say.
    const wanted = demands.filter(({ check }) => check === null || status.length === 0);
    const { rules } = context;
    const { version } = facts;
    const tried = await trialFindings(context.source, session, {
      source,
      target,
      profile,
      names,
      demands: wanted,
      rules,
      version,
    });
    tables.push(...(await nameRows(context.source, source, profile, tried, options)));
  }
  const values = await completeFindings(context, inspected, asProposal(context, pairs), options);
  const missing = inspected.schema.tables.filter(
    ({ name }) =>
      !pairs.some(({ source }) => source.name === name) && !status.some(isPending) && !isLedger(inspected, name),
  );
  const structure = await readStructure(session);
  const lacking = status.some(isPending)
    ? []
    : lackingFindings(
        schemaObjects(planned.proposal),
        structure,
        new Map(pairs.map(({ source, target }) => [source.name, target])),
      );
  return settleFindings(
    [
      ...said,
      ...planned.findings.filter((finding) => stillHolds(finding, { inspected, pairs, planned, structure })),
      ...lacking,
      ...missing.map((table) => tableMissing(table, tools)),
      ...tables,
      ...values,
    ],
    context.rules,
  );
}

/** A table of another tool, which the run makes where the target has none. */
export function isLedger({ schema }: Pick<Inspected, "schema">, table: string): boolean {
  return (schema.tools ?? []).some((quarantine) => quarantine.table === table && quarantine.own === null);
}

interface Present {
  readonly inspected: Inspected;
  readonly pairs: readonly Pair[];
  readonly planned: Planned;
  readonly structure: readonly StructureObject[];
}

/** Whether what the plan says of a table is true of the one that is there. */
function stillHolds(finding: Finding, { inspected, pairs, planned, structure }: Present): boolean {
  const object = objectOfFinding(finding);
  if (object !== null) return !(isMendable(object, TELLINGS[finding.code].change) && isThere(object, structure));
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

/** Throws where a blocking finding stands that no rule has settled. */
export function refuseBlockingFindings(findings: readonly Finding[]): void {
  const blocking = findings.filter(({ severity }) => severity === "blocking");
  if (blocking.length === 0) return;
  const named = blocking.map(
    ({ code, table, column, message }) =>
      `${code}${table === "" ? "" : ` in ${table}`}${column === undefined ? "" : `, column ${column}`}: ${message}`,
  );
  throw new RefusedError({
    code: "BLOCKING_FINDINGS",
    message: `what the source holds and what the target takes do not fit: ${named.join("; ")}`,
    hint:
      `${blocking[0]?.hint ?? "correct it in the source"}. \`changeover validate\` lists all findings, ` +
      `with the rules that answer them; --accept CODE lets one pass`,
    context: { findings: blocking },
  });
}

/** The target before a run looks at it: its tables, and the books that other tools keep there. */
export interface TargetSide {
  readonly target: TargetCatalogue;
  readonly ledgers: readonly TargetLedger[];
}

export async function readTargetSide(session: TargetSession): Promise<TargetSide> {
  const run = await loadRun(session);
  return {
    target: await readCatalogue(session),
    ledgers: ownLedgers(await readToolTables(session), run?.mappings ?? []),
  };
}

interface Pair {
  readonly source: SourceTable;
  readonly target: CatalogueTable;
  readonly names: ReadonlyMap<string, string>;
}

function pairTables(context: Context, inspected: Inspected, catalogue: TargetCatalogue): Pair[] {
  const renamed = changedNames(inspected.schema, context);
  return inspected.schema.tables.flatMap((source) => {
    const target = findByName(catalogue.tables, renamed.get(source.name) ?? source.name);
    if (target === undefined) return [];
    const names = source.columns.flatMap(({ name }) => {
      const column = findByName(target.columns, renamed.get(`${source.name}.${name}`) ?? name);
      return column === undefined ? [] : [[name, column.name] as const];
    });
    return [{ source, target, names: new Map(names) }];
  });
}

/** The tables that are there, as if they had been proposed: so that values are judged by the types that they meet. */
function asProposal(context: Context, pairs: readonly Pair[]): SchemaProposal {
  const tables = pairs.map(
    ({ names, source, target }): ProposedTable => ({
      source: source.name,
      name: target.name,
      columns: source.columns.flatMap(({ name }) => {
        const column = target.columns.find((candidate) => candidate.name === names.get(name));
        const type = column === undefined || column.generated ? null : spelledType(column.baseType, column.modifier);
        return type === null
          ? []
          : [
              {
                source: name,
                name: column?.name ?? name,
                type,
                collation: null,
                nullable: column?.notNull !== true,
                default: null,
                identity: false,
                generated: null,
                evidence: "the target's own",
              },
            ];
      }),
      primaryKey: null,
      uniques: [],
      checks: [],
      indexes: [],
      foreignKeys: [],
      untranslated: [],
    }),
  );
  return { types: context.types, tables, views: [], untranslated: [], findings: [] };
}

/** A type as people write it, domains as their base; null for types that only the server can judge by. */
function spelledType(baseType: string, modifier: number): string | null {
  const length = modifier < 4 ? "" : `(${modifier - 4})`;
  const decimals = modifier < 0 ? "" : `(${modifier})`;
  switch (baseType) {
    case "int2":
      return "smallint";
    case "int4":
      return "integer";
    case "int8":
      return "bigint";
    case "float8":
      return "double precision";
    case "numeric":
      return modifier < 4 ? "numeric" : `numeric(${(modifier - 4) >> 16},${(modifier - 4) & 0x7ff})`;
    case "text":
    case "citext":
      return "text";
    case "varchar":
      return `character varying${length}`;
    case "bpchar":
      return modifier < 4 ? "text" : `character${length}`;
    case "bool":
      return "boolean";
    case "timestamptz":
      return `timestamp${decimals} with time zone`;
    case "timestamp":
      return `timestamp${decimals} without time zone`;
    case "time":
      return `time${decimals}`;
    case "bytea":
    case "date":
    case "json":
    case "jsonb":
    case "uuid":
    case "inet":
      return baseType;
    default:
      return null;
  }
}

async function tablesWithRows(session: TargetSession, tables: readonly CatalogueTable[]): Promise<CatalogueTable[]> {
  try {
    return await tablesHoldingRows(session, tables);
  } catch {
    // One of them may not be read by this role.
    const filled: CatalogueTable[] = [];
    for (const table of tables) if (await holdsRows(session, table)) filled.push(table);
    return filled;
  }
}

async function holdsRows(session: TargetSession, table: CatalogueTable): Promise<boolean> {
  const [row] = await session
    .rows<{ filled: boolean }>(`select exists (select from ${pgTable(table)}) as filled`)
    .catch(() => []);
  return row?.filled === true;
}

function tableMissing({ name }: SourceTable, [owner]: readonly ToolTable[]): Finding {
  return {
    code: "TARGET_TABLE_MISSING",
    severity: "blocking",
    table: name,
    message: "all migrations are applied, and the target has no table for it",
    hint:
      owner === undefined
        ? "add it in a migration file, or exclude it by a rule"
        : `the schema there is ${owner.tool.name}'s: apply its migrations (${owner.tool.command}), or ` +
          `exclude the table by a rule`,
    rules: [{ description: "the table stays behind", rules: { tables: { [name]: { exclude: true } } } }],
  };
}

function sizeOf({ source }: Context): number | null {
  return source.path === null ? null : statSync(source.path).size;
}

function migrationTexts(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => readFileSync(join(directory, file), "utf8"));
}
