import type { EpochUnit } from "../../model/mapping.ts";
import type { TableProfile } from "../../model/profile.ts";
import { type Rules, rulesOfColumn } from "../../model/rules.ts";
import type { SourceColumn, SourceSchema } from "../../model/source-schema.ts";

/** Profiles with what their columns' integers count, where a rule or the habit of a known tool says it. */
export function withUnits(profiles: readonly TableProfile[], schema: SourceSchema, rules: Rules): TableProfile[] {
  const isDjango = (schema.tools ?? []).some(({ tool }) => tool.name === "Django");
  return profiles.map((profile) => {
    const declared = schema.tables.find(({ name }) => name === profile.table)?.columns ?? [];
    return {
      ...profile,
      columns: profile.columns.map((seen) => {
        const column = declared.find(({ name }) => name === seen.column);
        const unit = rulesOfColumn(rules, profile.table, seen.column).unit ?? (isDjango ? unitOfDjango(column) : null);
        return unit === null ? seen : { ...seen, unit };
      }),
    };
  });
}

/** A DurationField is a bigint of microseconds, where the database has no type for it. */
function unitOfDjango(column: SourceColumn | undefined): EpochUnit | null {
  return /^bigint$/i.test(column?.declaredType.trim() ?? "") ? "microseconds" : null;
}
