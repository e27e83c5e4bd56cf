import type { ColumnMapping, TableMapping } from "../model/mapping.ts";
import { type ColumnRules, type Rules, rulesOfColumn, rulesOfTable } from "../model/rules.ts";
import type { SourceSchema } from "../model/source-schema.ts";
import { shapeOf } from "./propose/shape-columns.ts";
import { conversionOfType } from "./types/conversion-of-type.ts";

/** A rule that a run under way does not follow: it was written, or changed, after the run began. */
export interface LateRule {
  readonly table: string;
  readonly column?: string;
  readonly rule: "exclude" | "name" | "type" | "values";
}

/**
 * Where the mappings of a run differ from what the rules say now. Policies for bad values are left out: they always
 * count.
 */
export function lateRules(mappings: readonly TableMapping[], { tables }: SourceSchema, rules: Rules): LateRule[] {
  return mappings.flatMap((mapping): LateRule[] => {
    const { source: table, target } = mapping;
    const own = rulesOfTable(rules, table);
    const declared = tables.find(({ name }) => name === table)?.columns ?? [];
    const ofTable: LateRule[] = [
      ...(own.exclude === true ? [{ table, rule: "exclude" as const }] : []),
      ...(own.name !== undefined && own.name !== target.name ? [{ table, rule: "name" as const }] : []),
    ];
    const ofColumns = mapping.columns.flatMap((column): LateRule[] => {
      const found = declared.find(({ name }) => name === column.source);
      if (found === undefined) return [];
      const ruled = rulesOfColumn(rules, table, column.source);
      const place = { table, column: column.source };
      const isShapedOtherwise = shapeOf(table, found, rules) !== column.expression;
      return [
        ...(ruled.exclude === true ? [{ ...place, rule: "exclude" as const }] : []),
        ...(ruled.name !== undefined && ruled.name !== column.target ? [{ ...place, rule: "name" as const }] : []),
        ...(hasOtherType(column, ruled) ? [{ ...place, rule: "type" as const }] : []),
        ...(isShapedOtherwise || hasOtherUnit(column, ruled) ? [{ ...place, rule: "values" as const }] : []),
      ];
    });
    return [...ofTable, ...ofColumns];
  });
}

function hasOtherType({ conversion }: ColumnMapping, { type }: ColumnRules): boolean {
  return type !== undefined && conversionOfType(type, undefined).kind !== conversion.kind;
}

function hasOtherUnit({ conversion }: ColumnMapping, { unit }: ColumnRules): boolean {
  if (unit === undefined) return false;
  if (conversion.kind === "interval") return conversion.unit !== unit;
  return conversion.kind === "timestamp" && conversion.epoch !== unit;
}
