import type { CatalogueTable } from "../model/catalogue.ts";
import type { TableProfile } from "../model/profile.ts";
import type { PlannedFinding } from "../model/proposal.ts";
import { badValueRule, type Rules } from "../model/rules.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { figure } from "../plan/findings/count-values.ts";
import { chooseConversion } from "../plan/types/choose-conversion.ts";
import { noteOf, quarantineRows, WRITE_RULES } from "../plan/types/column-note.ts";
import { pgName } from "../quote.ts";
import type { Source } from "../source/source.ts";
import { sql } from "../sql.ts";
import type { TargetReader, TargetSession } from "../target/target.ts";
import { type Failed, type Trial, type TriedColumn, tryRows, whereSent } from "./try-rows.ts";

/** What a table demands of a row beyond the types of its columns. */
export interface Demand {
  readonly table: string;
  /** Of a CHECK; null for a column of a domain. */
  readonly check: { readonly name: string; readonly expression: string } | null;
  readonly columns: readonly string[];
}

export async function readDemands(session: TargetReader): Promise<Demand[]> {
  const rows = await session.rows<{ table: string; name: string | null; expression: string | null; columns: string }>(
    sql("target/demands"),
  );
  return rows.map(({ columns, expression, name, table }) => ({
    table,
    check: name === null || expression === null ? null : { name, expression },
    columns: JSON.parse(columns) as string[],
  }));
}

export interface TriedTable {
  readonly source: SourceTable;
  readonly target: CatalogueTable;
  readonly profile: TableProfile;
  /** Source column → target column. */
  readonly names: ReadonlyMap<string, string>;
  readonly demands: readonly Demand[];
  readonly rules: Rules;
  readonly version: number;
}

/**
 * What tables that are there will refuse or change, which only PostgreSQL can say: asked with the source's own values.
 */
export async function trialFindings(
  source: Source,
  session: TargetSession,
  table: TriedTable,
): Promise<PlannedFinding[]> {
  const trial = trialOf(table);
  if (trial.columns.length === 0 || table.profile.rows === 0) return [];
  const { broken, changed, refused } = await tryRows(source, session, trial);
  return [
    ...trial.columns.flatMap((column) => [
      ...failed(table, column, refused.get(column.source), "cannot become"),
      ...failed(table, column, changed.get(column.source), "would be rounded, cut or written otherwise as"),
    ]),
    ...[...broken].map(([name, rows]) => brokenCheck(table, name, rows)),
  ];
}

function trialOf({ demands, names, profile, source, target, version }: TriedTable): Trial {
  const ofTable = demands.filter((demand) => demand.table === target.name);
  const domains = new Set(ofTable.filter(({ check }) => check === null).flatMap(({ columns }) => columns));
  const columns = source.columns.flatMap((column): TriedColumn[] => {
    const found = target.columns.find(({ name }) => name === names.get(column.name));
    if (found === undefined || found.generated || column.generated?.storage === "elsewhere") return [];
    const conversion = chooseConversion(
      found,
      profile.columns.find((seen) => seen.column === column.name),
    );
    return [
      {
        source: column.name,
        target: found,
        conversion,
        isJudged: ["other", "array", "interval"].includes(conversion.kind) || domains.has(found.name),
      },
    ];
  });
  // A CHECK over a column that the source does not have is asked with the column's default: who knows.
  const checks = ofTable.flatMap(({ check, columns: used }) =>
    check !== null && used.length > 0 && used.every((name) => columns.some((column) => column.target.name === name))
      ? [{ ...check, used }]
      : [],
  );
  const asked = new Set(checks.flatMap(({ used }) => used));
  return {
    table: source,
    target,
    version,
    checks,
    columns: columns.filter(({ isJudged, target: { name } }) => isJudged || asked.has(name)),
  };
}

function failed(
  { rules, source, target }: TriedTable,
  column: TriedColumn,
  found: Failed | undefined,
  what: string,
): PlannedFinding[] {
  if (found === undefined) return [];
  const { type } = column.target;
  const policy = badValueRule(rules, source.name, column.source);
  const declared = source.columns.find(({ name }) => name === column.source) ?? { notNull: false };
  const isKey = source.primaryKey.includes(column.source);
  // A value that PostgreSQL takes and changes is no bad one to the copy.
  const isRefused = what.startsWith("cannot");
  const isSettled = policy !== "stop" && isRefused;
  return [
    noteOf(source.name, column.source, {
      code: "VALUE_NOT_CONVERTIBLE",
      severity: isSettled ? "warning" : "blocking",
      count: found.count,
      where: whereSent(column, found.sent),
      message:
        `${found.count === 1 ? "1 value" : `${figure(found.count)} values`} ${what} ` +
        `${type}${isSettled ? ": the rule onBadValue says what becomes of them" : ", as PostgreSQL says"}`,
      hint:
        isSettled || !isRefused
          ? `give the target's column a type that holds them: ALTER TABLE ${pgName(target.name)} ALTER COLUMN ` +
            `${pgName(column.target.name)} TYPE text; or correct those values in the source`
          : `${WRITE_RULES}; or correct those values in the source, or give the target's column a type that holds them`,
      answers:
        isSettled || !isRefused
          ? []
          : quarantineRows(type, declared, isKey).map(({ description, rule: { onBadValue } }) => ({
              description,
              rule: { ...(onBadValue === undefined ? {} : { onBadValue }) },
            })),
    }),
  ];
}

function brokenCheck({ rules, source, target }: TriedTable, name: string, rows: number): PlannedFinding {
  const isSettled = badValueRule(rules, source.name, null) === "quarantine";
  return {
    code: "TARGET_CHECK_REFUSES",
    severity: isSettled ? "warning" : "blocking",
    table: source.name,
    count: rows,
    message:
      `${rows === 1 ? "1 row breaks" : `${figure(rows)} rows break`} the CHECK ${name} of the target's table ` +
      `${target.name}${isSettled ? ": they are quarantined" : ": the run would stop there"}`,
    hint:
      `in the target, ALTER TABLE ${pgName(target.name)} DROP CONSTRAINT ${pgName(name)}; ` +
      "and add it NOT VALID after the cutover. Or correct those rows in the source, or have them quarantined",
    rules: isSettled
      ? []
      : [
          {
            description: "rows that the target refuses are quarantined in changeover.quarantine",
            rules: { tables: { [source.name]: { onBadValue: "quarantine" } } },
          },
        ],
  };
}
