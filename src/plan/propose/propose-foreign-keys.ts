import type { FindingCode } from "../../model/finding-code.ts";
import { type ForeignKeyOrphans, resolveForeignKey } from "../../model/foreign-key.ts";
import type { SchemaObject } from "../../model/left-out.ts";
import type { ProposedForeignKey, ProposedKey, ProposedTable } from "../../model/proposal.ts";
import type { SourceForeignKey, SourceSchema } from "../../model/source-schema.ts";
import { figure } from "../findings/count-values.ts";
import { defaultName, type NameSpace, takeInAll } from "../names/choose-names.ts";
import { fitsIndex, indexBytes, MAX_INDEX_COLUMNS } from "../types/index-width.ts";
import type { IndexDraft } from "./propose-indexes.ts";
import type { TableDraft } from "./propose-table.ts";
import { type ColumnPlan, columnPlanOf, leaveOut, objectOf, type TablePlan } from "./table-plan.ts";

export interface Draft extends IndexDraft {
  readonly plan: TablePlan;
  readonly table: TableDraft;
}

/** Adds the foreign keys, and the unique constraints that PostgreSQL wants of what they refer to. */
export function proposeForeignKeys(
  schema: SourceSchema,
  drafts: readonly Draft[],
  orphans: readonly ForeignKeyOrphans[],
  relations: NameSpace,
): ProposedTable[] {
  const uniques = new Map(drafts.map((draft) => [draft.plan, [...draft.uniques]]));
  for (const { plan, table } of drafts)
    if (table.keyAsUnique !== null) addUnique(plan, table.keyAsUnique, uniques, relations);
  const among = { schema, drafts, orphans, uniques, relations };
  const foreignKeys = new Map(
    drafts.map(({ plan }) => [
      plan,
      plan.source.foreignKeys.flatMap((key, position) => proposeForeignKey(plan, { key, position }, among)),
    ]),
  );
  return drafts.map(({ plan, table, indexes }) => ({
    source: plan.source.name,
    name: plan.name,
    columns: table.columns,
    primaryKey: table.primaryKey,
    uniques: uniques.get(plan) ?? [],
    checks: table.checks,
    indexes,
    foreignKeys: foreignKeys.get(plan) ?? [],
    untranslated: plan.untranslated,
  }));
}

type Uniques = ReadonlyMap<TablePlan, ProposedKey[]>;

interface Among {
  readonly schema: SourceSchema;
  readonly drafts: readonly Draft[];
  readonly orphans: readonly ForeignKeyOrphans[];
  readonly uniques: Uniques;
  readonly relations: NameSpace;
}

interface KeyAt {
  readonly key: SourceForeignKey;
  readonly position: number;
}

/** None where it has no translation, which a finding says. */
function proposeForeignKey(plan: TablePlan, { key, position }: KeyAt, among: Among): ProposedForeignKey[] {
  const found = referenceOf(plan, key, among);
  if ("reason" in found) {
    leaveOut(plan, {
      code: found.code,
      object: keyObject(plan, key),
      what: `the foreign key of ${key.columns.join(", ")} to ${key.parentTable}`,
      reason: found.reason,
      sql: textOf(key),
    });
    return [];
  }
  const { columns, parent, parentColumns } = found;
  const parentNames = parentColumns.map(({ name }) => name);
  if (!isUnique(parent, parentNames, among.uniques))
    addUnique(parent.plan, parentNames, among.uniques, among.relations);
  const broken = among.orphans.find(
    (candidate) => candidate.table === plan.source.name && candidate.position === position,
  );
  const folded = parentColumns.some(({ source, type }) => type === "text" && source.collation !== "BINARY");
  if (broken !== undefined)
    plan.findings.push(
      broken.rows === null ? unchecked(plan, key) : orphaned(plan, key, { rows: broken.rows, where: broken.where }),
    );
  if (folded && broken?.rows !== null) plan.findings.push(caseless(plan, key));
  const names = columns.map(({ name }) => name);
  return [
    {
      name: plan.constraints.take(key.name != null ? plan.fold(key.name) : defaultName(plan.name, names, "fkey")),
      columns: names,
      parentTable: parent.plan.name,
      parentColumns: parentNames,
      onUpdate: key.onUpdate,
      onDelete: key.onDelete,
      deferred: key.deferred,
      notValid: broken !== undefined || folded,
    },
  ];
}

type Reference =
  | { readonly parent: Draft; readonly columns: readonly ColumnPlan[]; readonly parentColumns: readonly ColumnPlan[] }
  | { readonly code: FindingCode; readonly reason: string };

/** What a foreign key refers to in the target; or why it cannot. */
function referenceOf(plan: TablePlan, key: SourceForeignKey, { drafts, schema }: Among): Reference {
  const no = (reason: string): Reference => ({ code: "FOREIGN_KEY_NOT_TRANSLATED", reason });
  const resolved = resolveForeignKey(schema, key);
  if (resolved.problem !== null) return no(resolved.problem);
  const parent = drafts.find((candidate) => candidate.plan.source === resolved.parent);
  const columns = key.columns.map((name) => columnPlanOf(plan, name));
  const parentColumns =
    parent === undefined ? [] : resolved.parentColumns.map((name) => columnPlanOf(parent.plan, name));
  if (
    parent === undefined ||
    !columns.every((column) => column !== undefined) ||
    !parentColumns.every((column) => column !== undefined)
  )
    return no("a column of it is unknown");
  const differing = columns.find((column, index) => column.type !== parentColumns[index]?.type);
  if (differing !== undefined)
    return {
      code: "FOREIGN_KEY_TYPES",
      reason: `column ${differing.source.name} is ${differing.type} here and of another type there`,
    };
  if (parentColumns.length > MAX_INDEX_COLUMNS || !fitsIndex(indexBytes(parentColumns.map(({ profile }) => profile))))
    return no("what it refers to is too long for an index of PostgreSQL");
  return { parent, columns, parentColumns };
}

function isUnique(draft: Draft, columns: readonly string[], uniques: Uniques): boolean {
  const same = (key: readonly string[]) => key.length === columns.length && columns.every((name) => key.includes(name));
  return (
    (draft.table.primaryKey !== null && same(draft.table.primaryKey.columns)) ||
    (uniques.get(draft.plan) ?? []).some((key) => same(key.columns))
  );
}

/** Where SQLite has a unique index, or one without regard to case: the constraint asks no more of the values. */
function addUnique(plan: TablePlan, columns: readonly string[], uniques: Uniques, relations: NameSpace): void {
  const usual = defaultName(plan.name, columns, "key");
  const name = takeInAll([relations, plan.constraints], usual);
  uniques.get(plan)?.push({ name: name === usual ? null : name, columns });
}

function keyObject(plan: TablePlan, key: SourceForeignKey): SchemaObject {
  return objectOf(plan, "foreign-key", key.name ?? `(${key.columns.join(", ")}) to ${key.parentTable}`, key.columns);
}

function textOf(key: SourceForeignKey): string {
  return (
    key.sql ??
    `FOREIGN KEY (${key.columns.join(", ")}) REFERENCES ` +
      `${key.parentTable}${key.parentColumns === null ? "" : ` (${key.parentColumns.join(", ")})`}`
  );
}

function orphaned(
  plan: TablePlan,
  key: SourceForeignKey,
  { rows, where }: { readonly rows: number; readonly where: string },
): TablePlan["findings"][number] {
  return {
    code: "FOREIGN_KEY_VIOLATED",
    severity: "warning",
    table: plan.source.name,
    column: key.columns.join(", "),
    object: keyObject(plan, key),
    count: rows,
    where,
    message:
      `${rows === 1 ? "1 row refers to a row of" : `${figure(rows)} rows refer to rows of`} ${key.parentTable} ` +
      `that ${rows === 1 ? "does" : "do"} not exist: the foreign key is added NOT VALID, for new rows only`,
    hint: "mend those rows in the source, or later in the target, and then `ALTER TABLE … VALIDATE CONSTRAINT …`",
  };
}

function unchecked(plan: TablePlan, key: SourceForeignKey): TablePlan["findings"][number] {
  return {
    code: "FOREIGN_KEY_UNCHECKED",
    severity: "warning",
    table: plan.source.name,
    column: key.columns.join(", "),
    object: keyObject(plan, key),
    message:
      `it refers to ${key.parentTable} by a collation of the application's own, ` +
      "so that nobody can say here whether all those rows exist: the foreign key is added NOT VALID",
    hint: "later in the target, `ALTER TABLE … VALIDATE CONSTRAINT …` tells",
  };
}

function caseless(plan: TablePlan, key: SourceForeignKey): TablePlan["findings"][number] {
  return {
    code: "FOREIGN_KEY_NOCASE",
    severity: "warning",
    table: plan.source.name,
    column: key.columns.join(", "),
    object: keyObject(plan, key),
    message:
      `it refers to ${key.parentTable} without regard to case, which PostgreSQL's foreign keys do not: ` +
      "it is added NOT VALID",
    hint: "spell the references as their parents are, and then `ALTER TABLE … VALIDATE CONSTRAINT …`",
  };
}
