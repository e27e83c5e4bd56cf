import { RefusedError } from "../../errors.ts";
import type { CatalogueTable, TargetCatalogue } from "../../model/catalogue.ts";
import type { ColumnMapping, TableMapping } from "../../model/mapping.ts";
import type { TableProfile } from "../../model/profile.ts";
import { badValueRule, type Rules } from "../../model/rules.ts";
import type { SourceSchema, SourceTable } from "../../model/source-schema.ts";
import { chooseConversion } from "../types/choose-conversion.ts";
import { chooseIdentity } from "./choose-identity.ts";
import { shapeOf } from "./shape-columns.ts";

export interface MapOptions {
  /** Names that the proposal had to change: source table → target table, and "table.column" → target column. */
  readonly renamed: ReadonlyMap<string, string>;
  readonly rules?: Rules;
}

/**
 * Matches the source's tables and columns with the target's by name, and says how each value
 * arrives. All that has no place is named in one error, so that it can be answered in one go.
 */
export function mapTables(
  schema: SourceSchema,
  catalogue: TargetCatalogue,
  profiles: readonly TableProfile[],
  options: MapOptions,
): TableMapping[] {
  const problems: string[] = [];
  const mappings: TableMapping[] = [];
  for (const [index, table] of schema.tables.entries()) {
    const target = findByName(catalogue.tables, options.renamed.get(table.name) ?? table.name);
    if (target === undefined) {
      problems.push(`table ${table.name} has no table in the target`);
      continue;
    }
    const profile = profiles.find((candidate) => candidate.table === table.name);
    const columns = inEncoding(schema.encoding, mapColumns(table, target, profile, options, problems));
    mappings.push({
      id: index + 1,
      source: table.name,
      ...(schema.encoding === "UTF-8" ? {} : { encoding: schema.encoding }),
      target: { schema: target.schema, name: target.name },
      identity: chooseIdentity(
        table,
        profile,
        new Set(columns.filter(({ expression }) => expression !== undefined).map(({ source }) => source)),
      ),
      ...(table.rowidAlias === null && table.rowidName !== null ? { rowidName: table.rowidName } : {}),
      ...withPolicies(table.name, columns, options.rules ?? {}),
    });
  }
  if (problems.length > 0) throw unmapped(problems);
  return mappings;
}

/**
 * What becomes of bad values and rows. In a run under way it is asked again at each start: a person may have decided
 * since.
 */
function withPolicies(
  table: string,
  columns: readonly ColumnMapping[],
  rules: Rules,
): Pick<TableMapping, "columns" | "onBadRow" | "quarantine"> {
  const decided = columns.map(({ onBadValue: _, ...column }): ColumnMapping => {
    const policy = badValueRule(rules, table, column.source);
    return policy === "stop" ? column : { ...column, onBadValue: policy };
  });
  const quarantinesRows = badValueRule(rules, table, null) === "quarantine";
  const quarantine = quarantinesRows || decided.some(({ onBadValue }) => onBadValue !== undefined);
  return {
    columns: decided,
    ...(quarantinesRows ? { onBadRow: "quarantine" } : {}),
    ...(quarantine ? { quarantine: true } : {}),
  };
}

/**
 * The mappings of a run under way, with what the rules say of bad values now; where they say nothing of it, as they
 * were.
 */
export function withPresentPolicies(mappings: readonly TableMapping[], rules: Rules): readonly TableMapping[] {
  if (!namesOnBadValue(rules)) return mappings;
  return mappings.map(({ columns, onBadRow: _, quarantine, ...mapping }): TableMapping => {
    const policies = withPolicies(mapping.source, columns, rules);
    // Once there may be something in the quarantine, replay keeps it.
    return { ...mapping, ...policies, ...(quarantine === true ? { quarantine } : {}) };
  });
}

function namesOnBadValue({ onBadValue, tables = {} }: Rules): boolean {
  return (
    onBadValue !== undefined ||
    Object.values(tables).some(
      (table) =>
        table.onBadValue !== undefined ||
        Object.values(table.columns ?? {}).some((column) => column.onBadValue !== undefined),
    )
  );
}

function mapColumns(
  table: SourceTable,
  target: CatalogueTable,
  profile: TableProfile | undefined,
  options: MapOptions,
  problems: string[],
): ColumnMapping[] {
  const columns: ColumnMapping[] = [];
  const filled = new Set<string>();
  for (const column of table.columns) {
    const found = findByName(target.columns, options.renamed.get(`${table.name}.${column.name}`) ?? column.name);
    if (found === undefined) {
      if (column.generated === null || column.generated.storage === "elsewhere")
        problems.push(`column ${column.name} of ${table.name} has no column in the target`);
      continue;
    }
    filled.add(found.name);
    if (found.generated) continue;
    const expression = shapeOf(table.name, column, options.rules ?? {});
    columns.push({
      source: column.name,
      target: found.name,
      affinity: column.affinity,
      collation: column.collation,
      conversion: chooseConversion(
        found,
        profile?.columns.find((candidate) => candidate.column === column.name),
      ),
      ...(expression === undefined ? {} : { expression }),
    });
  }
  for (const column of target.columns) {
    if (!filled.has(column.name) && column.notNull && !column.hasDefault && !column.identity && !column.generated) {
      problems.push(
        `column ${column.name} of the target's table ${target.name} is NOT NULL without a default, ` +
          "and the source has no such column",
      );
    }
  }
  return columns;
}

/** Half a surrogate pair is in UTF-16 only, and has to be looked for. */
function inEncoding(encoding: SourceSchema["encoding"], columns: readonly ColumnMapping[]): ColumnMapping[] {
  return columns.map((column) =>
    encoding === "UTF-8" || column.conversion.kind !== "text"
      ? column
      : { ...column, conversion: { ...column.conversion, utf16: true } },
  );
}

/** By the exact name first; else by the only one that differs in case. */
export function findByName<T extends { readonly name: string }>(items: readonly T[], name: string): T | undefined {
  const exact = items.find((item) => item.name === name);
  if (exact !== undefined) return exact;
  const folded = items.filter((item) => item.name.toLowerCase() === name.toLowerCase());
  return folded.length === 1 ? folded[0] : undefined;
}

function unmapped(problems: readonly string[]): RefusedError {
  const shown = problems.slice(0, 20).join("; ");
  return new RefusedError({
    code: "NOT_MAPPED",
    message:
      "the target cannot take every table and column: " +
      `${shown}${problems.length > 20 ? `; and ${problems.length - 20} more` : ""}`,
    hint:
      "add what is missing to the migration files and run `changeover up`, or let `changeover schema --write` " +
      "make them from the source",
    context: { problems },
  });
}
