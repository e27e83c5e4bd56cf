import { tableWithTriggersOf } from "../../capture/describe-drift.ts";
import { readStructure } from "../../contract/read-structure.ts";
import { RefusedError } from "../../errors.ts";
import { readCatalogue } from "../../inspect/read-catalogue.ts";
import { readSchema } from "../../inspect/read-schema.ts";
import type { CatalogueTable, TargetCatalogue } from "../../model/catalogue.ts";
import { PREFIX } from "../../model/change-log.ts";
import type { Notice } from "../../model/left-out.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { ProposedTable } from "../../model/proposal.ts";
import type { Run } from "../../model/run.ts";
import type { SourceSchema, SourceTable } from "../../model/source-schema.ts";
import type { StructureObject } from "../../model/structure.ts";
import { mapTables } from "../../plan/propose/map-tables.ts";
import { pgName, pgTable } from "../../quote.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Context } from "../context.ts";
import { inspectSource, propose } from "../inspect.ts";
import { needsMigration } from "../needs-migration.ts";
import { resyncNotices } from "./resync-notices.ts";

/** What is to become of one table. */
export type TableResync =
  | {
      readonly kind: "copy";
      readonly table: SourceTable;
      readonly mapping: TableMapping;
      readonly rows: number;
      readonly before: TableMapping | null;
      /** What of it does not come over as it is. */
      readonly notices: readonly Notice[];
    }
  /** Gone from both sides. */
  | { readonly kind: "forget"; readonly before: TableMapping };

/**
 * Looks at the tables as they are now, on both sides, and says how they fit. Changes nothing; refuses what does not
 * fit.
 */
export async function planResync(
  context: Context,
  session: TargetSession,
  run: Run,
  names: readonly string[],
): Promise<TableResync[]> {
  const schema = await context.source.read(readSchema);
  const catalogue = await readCatalogue(session);
  const structure = await readStructure(session);
  const planned: TableResync[] = [];
  let next = Math.max(0, ...run.mappings.map(({ id }) => id)) + 1;
  for (const { name, before } of await namedTables(context, run, names)) {
    const table = schema.tables.find((candidate) => candidate.name === name);
    if (table !== undefined) {
      const { mapping, notices, rows } = await fit(context, table, { before, catalogue, schema, structure });
      planned.push({ kind: "copy", table, before, notices, rows, mapping: { ...mapping, id: before?.id ?? next++ } });
    } else if (before === null) throw noSuchTable(name, run);
    else if (tableOf(catalogue, before) !== undefined)
      throw needsMigration({
        table: name,
        problem: "is gone from the source, but the target still has it",
        statements: [`DROP TABLE ${pgTable(before.target)};`],
      });
    else planned.push({ kind: "forget", before });
  }
  return planned;
}

/** What is meant: a table that was renamed in the source may be called by either name. */
async function namedTables(
  context: Context,
  run: Run,
  names: readonly string[],
): Promise<{ readonly name: string; readonly before: TableMapping | null }[]> {
  const present = await context.source.read(async (tx) => {
    const found = new Map<TableMapping, string>();
    for (const mapping of run.mappings)
      found.set(mapping, (await tableWithTriggersOf(tx, mapping.id)) ?? mapping.source);
    return found;
  });
  const tables = names.map((given) => {
    const [before, name] = [...present].find(([mapping, now]) => mapping.source === given || now === given) ?? [
      null,
      given,
    ];
    return { name, before };
  });
  return tables.filter(({ name }, index) => tables.findIndex((other) => other.name === name) === index);
}

interface Surroundings {
  readonly before: TableMapping | null;
  readonly catalogue: TargetCatalogue;
  readonly schema: SourceSchema;
  readonly structure: readonly StructureObject[];
}

/** How the table arrives now. The names that its columns were given stay. */
async function fit(
  context: Context,
  table: SourceTable,
  { before, catalogue, schema, structure }: Surroundings,
): Promise<{ readonly mapping: TableMapping; readonly notices: readonly Notice[]; readonly rows: number }> {
  const inspected = await inspectSource(context, { only: table.name, target: catalogue });
  const [shaped] = inspected.schema.tables;
  const proposal = propose(inspected, context);
  const [proposed] = proposal.tables;
  if (shaped === undefined || proposed === undefined) throw excludedByRule(table.name);
  const renamed = namesOf(table, proposed, before);
  const kept = before?.source === table.name ? tableOf(catalogue, before) : undefined;
  const target = kept ?? named(catalogue.tables, renamed.get(table.name) ?? table.name);
  if (target === undefined) {
    const old = before === null ? undefined : tableOf(catalogue, before);
    if (before === null || old === undefined)
      throw needsMigration({ table: table.name, problem: "has no table in the target", statements: [] });
    throw needsMigration({
      table: table.name,
      problem: `was called ${before.source}, and is in the target still`,
      statements: [`ALTER TABLE ${pgTable(old)} RENAME TO ${pgName(renamed.get(table.name) ?? table.name)};`],
    });
  }
  refuseSchemaMismatch(shaped, proposed, target, renamed, before);
  // Another table of the target may be called so, too, but for case.
  const [mapping] = mapTables(inspected.schema, { ...catalogue, tables: [target] }, inspected.profiles, {
    renamed: new Map(renamed).set(table.name, target.name),
    rules: context.rules,
  });
  if (mapping === undefined) throw new RangeError(`${table.name} is not mapped`);
  const unfed = unfedColumns(target, mapping);
  if (unfed.length > 0 && before !== null && before.columns.length > mapping.columns.length)
    context.report({
      kind: "warning",
      message:
        `table ${table.name}: the source no longer has ${unfed.join(", ")}; the target keeps ` +
        `${unfed.length === 1 ? "the column" : "the columns"}, with defaults`,
    });
  const notices = resyncNotices({ table: table.name, proposal, schema, target, structure, rules: context.rules });
  return { mapping, notices, rows: inspected.profiles[0]?.rows ?? 0 };
}

function namesOf(table: SourceTable, proposed: ProposedTable, before: TableMapping | null): Map<string, string> {
  const renamed = new Map<string, string>();
  if (proposed.name !== table.name) renamed.set(table.name, proposed.name);
  for (const { source, name } of proposed.columns) if (source !== name) renamed.set(`${table.name}.${source}`, name);
  for (const { source, target } of before?.columns ?? []) renamed.set(`${table.name}.${source}`, target);
  return renamed;
}

/** Refuses columns that have no place on the other side, and names the statements that would make one. */
function refuseSchemaMismatch(
  table: SourceTable,
  proposed: ProposedTable,
  target: CatalogueTable,
  renamed: ReadonlyMap<string, string>,
  before: TableMapping | null,
): void {
  const wanted = table.columns
    .filter(({ generated }) => generated === null)
    .map(({ name }) => ({ source: name, target: renamed.get(`${table.name}.${name}`) ?? name }));
  const homeless = wanted.filter((column) => named(target.columns, column.target) === undefined);
  const orphaned = (before?.columns ?? []).filter(
    ({ source, target: name }) =>
      !table.columns.some((column) => column.name === source) && target.columns.some((column) => column.name === name),
  );
  const relation = pgTable(target);
  const [first] = homeless;
  const [left] = orphaned;
  if (homeless.length === 1 && orphaned.length === 1 && first !== undefined && left !== undefined) {
    throw needsMigration({
      table: table.name,
      column: first.source,
      problem: `has a column ${first.source} that the target does not have, and no longer has ${left.source}`,
      statements: [`ALTER TABLE ${relation} RENAME COLUMN ${pgName(left.target)} TO ${pgName(first.target)};`],
    });
  }
  if (first !== undefined) {
    const typeOf = (source: string) => proposed.columns.find((column) => column.source === source)?.type ?? "text";
    throw needsMigration({
      table: table.name,
      column: first.source,
      problem:
        `has ${homeless.length === 1 ? "a column" : "columns"} ` +
        `${homeless.map(({ source }) => source).join(", ")} that the target does not have`,
      statements: homeless.map(
        (column) => `ALTER TABLE ${relation} ADD COLUMN ${pgName(column.target)} ${typeOf(column.source)};`,
      ),
    });
  }
  const needed = orphaned.filter(({ target: name }) =>
    target.columns.some((column) => column.name === name && column.notNull && !column.hasDefault && !column.identity),
  );
  if (needed.length > 0)
    throw needsMigration({
      table: table.name,
      problem: `no longer has ${needed.map(({ source }) => source).join(", ")}, which the target wants a value for`,
      statements: needed.map(({ target: name }) => `ALTER TABLE ${relation} DROP COLUMN ${pgName(name)};`),
    });
}

function unfedColumns(target: CatalogueTable, mapping: TableMapping): string[] {
  return target.columns
    .filter(
      (column) =>
        !column.generated &&
        !column.name.startsWith(PREFIX) &&
        !mapping.columns.some((mapped) => mapped.target === column.name),
    )
    .map(({ name }) => name);
}

function tableOf(catalogue: TargetCatalogue, mapping: TableMapping): CatalogueTable | undefined {
  return catalogue.tables.find(({ schema, name }) => schema === mapping.target.schema && name === mapping.target.name);
}

/** By the exact name first; else by the only one that differs in case. */
function named<T extends { readonly name: string }>(items: readonly T[], name: string): T | undefined {
  const folded = items.filter((item) => item.name.toLowerCase() === name.toLowerCase());
  return items.find((item) => item.name === name) ?? (folded.length === 1 ? folded[0] : undefined);
}

function excludedByRule(table: string): RefusedError {
  return new RefusedError({
    code: "NO_SUCH_TABLE",
    message: `table ${table} is excluded by a rule: it stays behind`,
    hint: "leave out --resync for it, or its `exclude`",
    context: { table },
  });
}

function noSuchTable(name: string, run: Run): RefusedError {
  return new RefusedError({
    code: "NO_SUCH_TABLE",
    message: `there is no table ${name} in the source, nor in the run`,
    hint: `the run has ${run.mappings.map(({ source }) => source).join(", ")}`,
    context: { table: name },
  });
}
