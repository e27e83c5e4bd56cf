import { messageOf, UsageError } from "../errors.ts";
import { withDateYears } from "../inspect/date-years.ts";
import { doubtfulKeys } from "../inspect/dense-parent.ts";
import { migrationsTableVersion } from "../inspect/migrations-table-version.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { TargetCatalogue } from "../model/catalogue.ts";
import type { CheckViolations } from "../model/check-violations.ts";
import type { ForeignKeyOrphans } from "../model/foreign-key.ts";
import type { TargetMigrationsTable } from "../model/migration-tool.ts";
import type { TableProfile } from "../model/profile.ts";
import type { SchemaProposal } from "../model/proposal.ts";
import type { Rules } from "../model/rules.ts";
import type { SourceMigrationsTable, SourceSchema, SourceTable } from "../model/source-schema.ts";
import { proposeSchema } from "../plan/propose/propose-schema.ts";
import { shapeOf, withoutExcluded } from "../plan/propose/shape-columns.ts";
import { askedFormats } from "../plan/types/asked-formats.ts";
import { withUnits } from "../plan/types/counted-units.ts";
import { renderRelation } from "../rows/render-relation.ts";
import { tableSizes } from "../source/btree/table-size.ts";
import { readSchemaVersion } from "../source/schema-version.ts";
import type { Context } from "./context.ts";
import { onWorkers } from "./on-workers.ts";
import { refuseUnknownTypes } from "./refuse-unknown-types.ts";
import { keptTables } from "./seeded/kept-tables.ts";

/** The source's schema and what is in its columns. */
export interface Inspected {
  /** SQLite's count of schema changes when the schema was read. */
  readonly schemaVersion: number;
  readonly schema: SourceSchema;
  readonly profiles: readonly TableProfile[];
  readonly orphans: readonly ForeignKeyOrphans[];
  readonly violations: readonly CheckViolations[];
}

export interface InspectOptions {
  /** One table alone. */
  readonly only?: string;
  /** What the values are to meet; null where it has no tables yet. */
  readonly target: TargetCatalogue | null;
  /** Other tools' tables of migrations in the target, but for those that the run fills. */
  readonly migrationsTables?: readonly TargetMigrationsTable[];
  /** Names of the target's tables that hold rows which no run put there. */
  readonly filled?: ReadonlySet<string>;
  /** Whether the target is there to be asked about types. Default: true. */
  readonly asksTarget?: boolean;
  /** Called while other processes look at the tables; not at all where this one does. */
  readonly meanwhile?: () => void;
}

/** Looks at the source, or at one table of it alone. */
export async function inspectSource(
  context: Context,
  { asksTarget = true, filled, migrationsTables, meanwhile, only, target }: InspectOptions,
): Promise<Inspected> {
  await refuseUnknownTypes(context, asksTarget);
  const { whole, schemaVersion } = await context.source.read(async (tx) => ({
    whole: await readSchema(tx),
    schemaVersion: await readSchemaVersion(tx),
  }));
  const seeded = keptTables(whole, context, filled);
  const wanted = await withVersions(
    context,
    whole,
    withoutExcluded(whole, context.rules, { migrationsTables, seeded }),
  );
  const chosen =
    only === undefined
      ? wanted
      : { ...wanted, tables: wanted.tables.filter(({ name }) => name === only), views: [], triggers: [] };
  const schema = { ...chosen, tables: chosen.tables.map((table) => shaped(table, context.rules)) };
  await tryExpressions(context, schema);
  context.report({ kind: "step", message: `profiling ${schema.tables.length} tables of ${context.source.location}` });
  const seen = await profileTables(context, schema, { target, meanwhile });
  return { schemaVersion, schema, ...seen, profiles: withUnits(seen.profiles, schema, context.rules) };
}

async function withVersions({ source }: Context, whole: SourceSchema, wanted: SourceSchema): Promise<SourceSchema> {
  const { encoding, tools } = wanted;
  if (tools === undefined) return wanted;
  const read: SourceMigrationsTable[] = [];
  for (const tool of tools) {
    const table = whole.tables.find(({ name }) => name === tool.table);
    const version = table === undefined ? null : await source.read((tx) => migrationsTableVersion(tx, table, encoding));
    read.push({ ...tool, version });
  }
  return { ...wanted, tools: read };
}

async function profileTables(
  context: Context,
  schema: SourceSchema,
  { target, meanwhile }: { readonly target: TargetCatalogue | null; readonly meanwhile: (() => void) | undefined },
): Promise<Pick<Inspected, "profiles" | "orphans" | "violations">> {
  const profiles = new Map<string, TableProfile>();
  const violations = new Map<string, readonly CheckViolations[]>();
  const orphans = new Map<string, readonly ForeignKeyOrphans[]>();
  const formats = askedFormats(schema.tables, { types: context.types, rules: context.rules, target });
  const inTurn = {
    session: null,
    isAtRest: context.throttle.isAlone,
    ...(meanwhile === undefined ? {} : { meanwhile }),
  };
  await onWorkers(context, { ...inTurn, items: await largestFirst(context, schema.tables) }, async (table, worker) => {
    profiles.set(
      table.name,
      await worker.do("profile", { table, encoding: schema.encoding, formats: formats.get(table.name) ?? {} }, {}),
    );
    if (table.checks.length > 0) violations.set(table.name, await worker.do("violations", { table }, {}));
  });
  const doubtful = schema.tables
    .map((table) => ({ table: table.name, positions: doubtfulKeys(schema, table, profiles) }))
    .filter(({ positions }) => positions.length > 0);
  await onWorkers(context, { ...inTurn, items: doubtful }, async ({ positions, table }, worker) => {
    orphans.set(table, await worker.do("orphans", { schema, table, positions }, {}));
  });
  return {
    profiles: await withDateYears(
      context.source,
      schema.tables,
      schema.tables.flatMap(({ name }) => profiles.get(name) ?? []),
    ),
    orphans: schema.tables.flatMap(({ name }) => orphans.get(name) ?? []),
    violations: schema.tables.flatMap(({ name }) => violations.get(name) ?? []),
  };
}

/** So that no process is left with the largest in the end. */
async function largestFirst(context: Context, tables: readonly SourceTable[]): Promise<SourceTable[]> {
  const sizes = await tableSizes(
    context.source,
    tables.map(({ name }) => name),
  );
  const size = ({ name }: SourceTable) => sizes.get(name) ?? 0;
  return [...tables].sort((one, other) => size(other) - size(one));
}

/** SQLite says at once whether an expression means anything; later it would look like a fault of the file. */
async function tryExpressions(context: Context, schema: SourceSchema): Promise<void> {
  for (const table of schema.tables) {
    for (const column of table.columns) {
      const expression = shapeOf(table.name, column, context.rules);
      if (expression === undefined) continue;
      const relation = renderRelation({
        source: table.name,
        rowidName: null,
        columns: [{ source: column.name, expression }],
      });
      await context.source
        .read((tx) => tx.rows(`SELECT 1 FROM ${relation} LIMIT 0`))
        .catch((cause: unknown) => {
          throw invalidExpression(table.name, column.name, cause);
        });
    }
  }
}

function invalidExpression(table: string, column: string, cause: unknown): UsageError {
  return new UsageError({
    code: "RULE_INVALID",
    message:
      `SQLite does not understand the expression that the config gives for column ${column} of ${table}: ` +
      `${/\((.*)\)$/.exec(messageOf(cause))?.[1] ?? messageOf(cause)}`,
    hint: "it is an expression of SQLite's over the columns of that table, such as lower(email)",
    context: { table, column },
    cause,
  });
}

/** The table as rules shape it: types follow from the values that will travel. */
function shaped(table: SourceTable, rules: Rules): SourceTable {
  const columns = table.columns.map((column) => {
    const expression = shapeOf(table.name, column, rules);
    return { source: column.name, ...(expression === undefined ? {} : { expression }) };
  });
  if (columns.every(({ expression }) => expression === undefined)) return table;
  return { ...table, relation: renderRelation({ source: table.name, rowidName: table.rowidName, columns }) };
}

export function propose(
  inspected: Inspected,
  context: Pick<Context, "types" | "names" | "collationChoice" | "rules" | "profile" | "integers">,
): SchemaProposal {
  const { types, names, collationChoice, rules, profile, integers } = context;
  return proposeSchema(inspected.schema, inspected.profiles, {
    types,
    names,
    collationChoice,
    ...(profile === undefined ? {} : { profile }),
    ...(integers === undefined ? {} : { integers }),
    rules,
    orphans: inspected.orphans,
    violations: inspected.violations,
  });
}
