import { promisesFormat } from "../../model/declared-type.ts";
import type { FindingCode } from "../../model/finding-code.ts";
import type { SchemaObject } from "../../model/left-out.ts";
import type { ColumnProfile, TableProfile } from "../../model/profile.ts";
import type { PlannedFinding, Untranslated } from "../../model/proposal.ts";
import type { ColumnRules } from "../../model/rules.ts";
import type { SourceColumn, SourceIndex, SourceTable } from "../../model/source-schema.ts";
import type { NameSpace } from "../names/choose-names.ts";
import type { FoldName } from "../names/fold-name.ts";
import { renderName } from "../names/render-name.ts";
import { columnTraits, looseTraits } from "../translate/column-traits.ts";
import { isNumericAffinity } from "../translate/storage-classes.ts";
import { type Scope, type TypedSql, typed, Untranslatable } from "../translate/typed-sql.ts";

/** A table on its way from the source's schema to the target's: names and types are settled. */
export interface TablePlan {
  readonly source: SourceTable;
  readonly name: string;
  readonly profile: TableProfile | null;
  readonly columns: readonly ColumnPlan[];
  /** Names of its constraints. */
  readonly constraints: NameSpace;
  readonly fold: FoldName;
  /** Columns of texts whose meaning hangs on it that no number comes: a CHECK sees to that. */
  readonly keptTexts: Set<ColumnPlan>;
  /** What is found out on the way. */
  readonly findings: PlannedFinding[];
  readonly untranslated: Untranslated[];
}

export interface ColumnPlan {
  readonly source: SourceColumn;
  readonly name: string;
  readonly profile: ColumnProfile;
  readonly type: string;
  /** By which PostgreSQL compares its texts; null: that of the database, or it holds no texts. */
  readonly collation: "C" | null;
  readonly evidence: string;
  readonly rules: ColumnRules;
}

export function columnPlanOf(plan: TablePlan, name: string): ColumnPlan | undefined {
  return plan.columns.find(({ source }) => source.name === name);
}

/**
 * SQLite would make a number of what looks like one there; a number among dates is a mistake. In a column
 * of names or codes it is none: a CHECK would refuse what the application may write.
 */
export function canKeepTexts({ profile, rules, source, type }: ColumnPlan): boolean {
  const { blobs, integers, reals, texts } = profile;
  return (
    type === "text" &&
    isNumericAffinity(source.affinity) &&
    promisesFormat(source.declaredType) &&
    texts > 0 &&
    blobs + integers + reals === 0 &&
    rules.expression === undefined
  );
}

/** Notes that something of a table has no translation: for the file, and as a finding. */
export function leaveOut(
  plan: TablePlan,
  what: Untranslated & {
    readonly code: FindingCode;
    readonly object: SchemaObject;
    readonly column?: string;
    readonly severity?: PlannedFinding["severity"];
    readonly hint?: string;
  },
): void {
  plan.untranslated.push({ what: what.what, reason: what.reason, sql: what.sql });
  plan.findings.push({
    code: what.code,
    severity: what.severity ?? "warning",
    table: plan.source.name,
    ...(what.column === undefined ? {} : { column: what.column }),
    object: what.object,
    message: `${what.what} has no translation: ${what.reason}`,
    hint:
      what.hint ?? "it stands as a comment in the migration file: write it there as PostgreSQL has it, or do without",
  });
}

/** An object of the table, with the target's names of what it is about. */
export function objectOf(
  plan: TablePlan,
  kind: SchemaObject["kind"],
  name: string,
  columns: readonly string[] = [],
): SchemaObject {
  const targetColumns = columns.flatMap((column) => columnPlanOf(plan, column)?.name ?? []);
  return { kind, name, targetTable: plan.name, ...(targetColumns.length === 0 ? {} : { targetColumns }) };
}

/** What an index is called: those that constraints make have no name that anyone knows. */
export function indexObject(plan: TablePlan, index: SourceIndex): SchemaObject {
  const columns = index.terms.flatMap(({ column }) => column ?? []);
  const kind = index.origin === "primary-key" ? "primary-key" : index.unique ? "unique-index" : "index";
  const list = index.terms.map(({ column, expression }) => column ?? expression ?? "").join(", ");
  const word = index.origin === "primary-key" ? "PRIMARY KEY" : "UNIQUE";
  return objectOf(plan, kind, index.origin === "index" ? index.name : `${word} (${list})`, columns);
}

/** A column as a piece of PostgreSQL's SQL. */
export function columnSql(column: ColumnPlan, isKeptText = false): TypedSql {
  const sql = renderName(column.name);
  const { collation, profile, source, type } = column;
  const { affinity } = source;
  const traits = columnTraits({
    type,
    byBytes: collation === "C",
    affinity,
    collation: source.collation,
    profile,
    isKeptText,
  });
  return { ...typed(sql, traits.family), ...traits, bare: [sql] };
}

export interface TableScopeOptions {
  readonly isAllowed?: (column: ColumnPlan) => boolean;
  /** For what no row is told apart or refused by. */
  readonly loose?: boolean;
  /** Called for each column that is taken to hold texts alone, since a CHECK can see to it. */
  readonly keep?: (column: ColumnPlan) => void;
}

/** The columns of a table as names in its own CHECKs, indexes and generated columns. */
export function tableScope(plan: TablePlan, { isAllowed, keep, loose = false }: TableScopeOptions = {}): Scope {
  return {
    aggregates: false,
    loose,
    column(name, qualifier) {
      if (qualifier !== null && qualifier.toLowerCase() !== plan.source.name.toLowerCase())
        throw new Untranslatable(`it refers to ${qualifier}`);
      const found = plan.columns.find(({ source }) => source.name.toLowerCase() === name.toLowerCase());
      if (found === undefined) return null;
      if (isAllowed?.(found) === false) throw new Untranslatable(`it uses the column ${found.source.name}`);
      const isKept = keep !== undefined && canKeepTexts(found);
      if (isKept) keep(found);
      const piece = columnSql(found, isKept);
      return loose ? { ...piece, ...looseTraits(piece) } : piece;
    },
  };
}
