import type { CheckViolations } from "../../model/check-violations.ts";
import type { SchemaObject } from "../../model/left-out.ts";
import type { ProposedCheck, ProposedColumn, ProposedKey } from "../../model/proposal.ts";
import { keyWithoutDefault, nullInKey } from "../findings/key-findings.ts";
import { defaultName, type NameSpace, takeInAll } from "../names/choose-names.ts";
import { wordsOf } from "../schema-objects.ts";
import { translateDefault } from "../translate/translate-default.ts";
import { translateCheck, translateValue } from "../translate/translate-sql-text.ts";
import { familyOfType, isNumber, isText, type TypedSql } from "../translate/typed-sql.ts";
import { fitsIndex, indexBytes, MAX_INDEX_COLUMNS } from "../types/index-width.ts";
import { withKeptTexts } from "./keep-texts.ts";
import { type ColumnPlan, columnPlanOf, leaveOut, objectOf, type TablePlan } from "./table-plan.ts";

export interface TableDraft {
  readonly columns: readonly ProposedColumn[];
  readonly primaryKey: ProposedKey | null;
  /** Set where the source's primary key holds NULLs. */
  readonly keyAsUnique: readonly string[] | null;
  readonly checks: readonly ProposedCheck[];
}

/** All of a table that stands inside CREATE TABLE. */
export function proposeTable(
  plan: TablePlan,
  relations: NameSpace,
  violations: readonly CheckViolations[],
): TableDraft {
  // Names that someone gave come before those that follow from other names.
  const checks = proposeChecks(plan, violations);
  return {
    columns: plan.columns.map((column) => proposeColumn(plan, column, relations)),
    ...proposeKey(plan, relations),
    checks,
  };
}

function proposeColumn(plan: TablePlan, column: ColumnPlan, relations: NameSpace): ProposedColumn {
  const { source, profile, rules } = column;
  const mayBeNull = profile.nulls > 0 || rules.onBadValue === "null";
  const identity = source.name === plan.source.rowidAlias;
  const computed = source.generated !== null && source.generated.storage !== "elsewhere";
  const generated =
    source.generated !== null && computed ? proposeGenerated(plan, column, source.generated.expression) : null;
  return {
    source: source.name,
    name: column.name,
    type: column.type,
    collation: column.collation,
    nullable: !identity && (!source.notNull || mayBeNull),
    default: identity || computed ? null : proposeDefault(plan, column),
    identity,
    ...(identity ? sequenceOf(plan, column, relations) : {}),
    generated,
    evidence: column.evidence,
  };
}

/** PostgreSQL takes a free name for the sequence, and may take one that a later table or index has. */
function sequenceOf(plan: TablePlan, column: ColumnPlan, relations: NameSpace): { readonly sequence?: string } {
  const usual = defaultName(plan.name, [column.name], "seq");
  const name = relations.take(usual);
  return name === usual ? {} : { sequence: name };
}

function proposeDefault(plan: TablePlan, { source, type, rules }: ColumnPlan): string | null {
  if (rules.default !== undefined) return rules.default;
  if (source.defaultSql === null) return null;
  const { sql, reason } = translateDefault(source.defaultSql, type);
  if (reason !== null)
    leaveOut(plan, {
      code: "DEFAULT_NOT_TRANSLATED",
      object: objectOf(plan, "default", source.name, [source.name]),
      what: `the default of column ${source.name}`,
      reason,
      sql: `DEFAULT ${source.defaultSql}`,
      column: source.name,
    });
  return sql;
}

function proposeGenerated(plan: TablePlan, column: ColumnPlan, expression: string): string | null {
  const family = familyOfType(column.type);
  // PostgreSQL takes no generated column in another's expression; and the values must come out the same to the last
  // digit.
  const isAllowed = (used: ColumnPlan) => used.source.generated === null && !used.type.startsWith("numeric");
  const isFitting = (value: TypedSql) =>
    value.family === family && ["integer", "text", "double"].includes(family) && isExact(value);
  const { sql, reason } = withKeptTexts(plan, { isAllowed }, (scope) => translateValue(expression, scope, isFitting));
  if (reason !== null) {
    leaveOut(plan, {
      code: "GENERATED_AS_PLAIN",
      object: objectOf(plan, "generated-column", column.source.name, [column.source.name]),
      what: `the generated column ${column.source.name}`,
      reason: `${reason}. It becomes a plain column, which receives the values`,
      sql: `AS (${expression})`,
      column: column.source.name,
      hint: "until you write it as PostgreSQL has it, nothing computes this column after the cutover",
    });
  }
  return sql;
}

function isExact(value: TypedSql): boolean {
  return isNumber(value) || isText(value);
}

function proposeKey(plan: TablePlan, relations: NameSpace): Pick<TableDraft, "primaryKey" | "keyAsUnique"> {
  const { primaryKey } = plan.source;
  if (primaryKey.length === 0) return { primaryKey: null, keyAsUnique: null };
  const columns = primaryKey.map((name) => columnPlanOf(plan, name)).filter((column) => column !== undefined);
  const names = columns.map(({ name }) => name);
  // An index on hashes keeps its values apart, or a finding says that nothing does.
  if (
    columns.length > MAX_INDEX_COLUMNS ||
    !fitsIndex(
      indexBytes(columns.filter(({ type }) => type === "text" || type === "bytea").map(({ profile }) => profile)),
    )
  )
    return { primaryKey: null, keyAsUnique: null };
  const withNulls = columns.filter(
    ({ source, profile }) => source.name !== plan.source.rowidAlias && profile.nulls > 0,
  );
  if (withNulls.length > 0) {
    for (const { source, profile } of withNulls) plan.findings.push(nullInKey(plan.source, source.name, profile.nulls));
    return { primaryKey: null, keyAsUnique: names };
  }
  const [only] = columns;
  if (only !== undefined && columns.length === 1 && isUnnumbered(plan, only))
    plan.findings.push(keyWithoutDefault(plan.source, only.source.name));
  const usual = defaultName(plan.name, [], "pkey");
  const name = takeInAll([relations, plan.constraints], usual);
  return { primaryKey: { name: name === usual ? null : name, columns: names }, keyAsUnique: null };
}

function isUnnumbered({ source: table }: TablePlan, { source }: ColumnPlan): boolean {
  const { affinity, defaultSql, generated, name, notNull } = source;
  const isGiven =
    name === table.rowidAlias || table.withoutRowid || notNull || defaultSql !== null || generated !== null;
  return affinity === "integer" && !isGiven;
}

function proposeChecks(plan: TablePlan, violations: readonly CheckViolations[]): ProposedCheck[] {
  return plan.source.checks.flatMap(({ name, expression }, position): ProposedCheck[] => {
    const { sql, reason } = withKeptTexts(plan, {}, (scope) => translateCheck(expression, scope));
    if (reason !== null) {
      leaveOut(plan, {
        code: "CHECK_NOT_TRANSLATED",
        object: checkObject(plan, name ?? `(${expression.trim()})`, expression),
        what: name === null ? "a CHECK" : `the CHECK ${name}`,
        reason,
        sql: `CHECK (${expression})`,
      });
      return [];
    }
    if (sql === "true") {
      plan.findings.push({
        code: "CHECK_BY_TYPE",
        severity: "info",
        table: plan.source.name,
        message: `the CHECK (${expression.trim()}) needs no words: the column's type says the same`,
        hint: "nothing to do",
      });
      return [];
    }
    const broken = violations.find(
      (candidate) => candidate.table === plan.source.name && candidate.position === position,
    );
    if (broken === undefined)
      return [
        {
          name: name === null ? null : plan.constraints.take(plan.fold(name)),
          expression: sql,
          source: expression,
          notValid: false,
        },
      ];
    plan.findings.push(violated(plan, name ?? `(${expression.trim()})`, broken));
    return [
      {
        name: plan.constraints.take(name === null ? defaultName(plan.name, [], "check") : plan.fold(name)),
        expression: sql,
        source: expression,
        notValid: true,
      },
    ];
  });
}

function checkObject(plan: TablePlan, name: string, expression: string): SchemaObject {
  const words = wordsOf(expression);
  const columns = plan.source.columns.filter((column) => words.has(column.name.toLowerCase()));
  return objectOf(
    plan,
    "check",
    name,
    columns.map((column) => column.name),
  );
}

function violated(plan: TablePlan, check: string, { rows, where }: CheckViolations): TablePlan["findings"][number] {
  return {
    code: "CHECK_VIOLATED",
    severity: "warning",
    table: plan.source.name,
    count: rows,
    where,
    object: objectOf(plan, "check", check),
    message:
      `${rows} rows break the CHECK ${check}: it is added NOT VALID, ` +
      "for rows that are written after the " +
      "cutover",
    hint: "mend those rows in the source, or later in the target, and then `ALTER TABLE … VALIDATE CONSTRAINT …`",
  };
}
