import type { FindingCode } from "../../model/finding-code.ts";
import { type ForeignKeyOrphans, resolveForeignKey } from "../../model/foreign-key.ts";
import type { SchemaObject } from "../../model/left-out.ts";
import type { ProposedForeignKey, ProposedKey, ProposedTable } from "../../model/proposal.ts";
import type { SourceForeignKey, SourceSchema } from "../../model/source-schema.ts";
import { figure } from "../findings/count-values.ts";
import { defaultName, type NameSpace, takeInAll } from "../names/choose-names.ts";
import { fitsIndex, indexBytes, MOST_INDEX_COLUMNS } from "../types/index-width.ts";
import type { IndexDraft } from "./propose-indexes.ts";
import type { TableDraft } from "./propose-table.ts";
import { columnPlanOf, leaveOut, objectOf, type TablePlan } from "./table-plan.ts";

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
  const foreignKeys = new Map(
    drafts.map((draft) => [draft.plan, proposeFor(schema, draft, drafts, orphans, uniques, relations)]),
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

function proposeFor(
  schema: SourceSchema,
  draft: Draft,
  drafts: readonly Draft[],
  orphans: readonly ForeignKeyOrphans[],
  uniques: Uniques,
  relations: NameSpace,
): ProposedForeignKey[] {
  const { plan } = draft;
  return plan.source.foreignKeys.flatMap((key, position) => {
    const skip = (code: FindingCode, reason: string): [] => {
      leaveOut(plan, {
        code,
        object: keyObject(plan, key),
        what: `the foreign key of ${key.columns.join(", ")} to ${key.parentTable}`,
        reason,
        sql: textOf(key),
      });
      return [];
    };
    const resolved = resolveForeignKey(schema, key);
    if (resolved.problem !== null) return skip("FOREIGN_KEY_NOT_TRANSLATED", resolved.problem);
    const parent = drafts.find((candidate) => candidate.plan.source === resolved.parent);
    const columns = key.columns.map((name) => columnPlanOf(plan, name));
    const parentColumns =
      parent === undefined ? [] : resolved.parentColumns.map((name) => columnPlanOf(parent.plan, name));
    if (
      parent === undefined ||
      !columns.every((column) => column !== undefined) ||
      !parentColumns.every((column) => column !== undefined)
    )
      return skip("FOREIGN_KEY_NOT_TRANSLATED", "a column of it is unknown");
    const differing = columns.find((column, index) => column.type !== parentColumns[index]?.type);
    if (differing !== undefined)
      return skip(
        "FOREIGN_KEY_TYPES",
        `column ${differing.source.name} is ${differing.type} here and of another type there`,
      );
    if (
      parentColumns.length > MOST_INDEX_COLUMNS ||
      !fitsIndex(indexBytes(parentColumns.map(({ profile }) => profile)))
    )
      return skip("FOREIGN_KEY_NOT_TRANSLATED", "what it refers to is too long for an index of PostgreSQL");
    const parentNames = parentColumns.map(({ name }) => name);
    if (!isUnique(parent, parentNames, uniques)) addUnique(parent.plan, parentNames, uniques, relations);
    const broken = orphans.find((candidate) => candidate.table === plan.source.name && candidate.position === position);
    const folded = parentColumns.some(({ source, type }) => type === "text" && source.collation !== "BINARY");
    if (broken !== undefined)
      plan.findings.push(
        broken.rows === null ? unchecked(plan, key) : orphaned(plan, key, { rows: broken.rows, where: broken.where }),
      );
    if (folded && broken?.rows !== null) plan.findings.push(caseless(plan, key));
    return [
      {
        name: plan.constraints.take(
          key.name != null
            ? plan.fold(key.name)
            : defaultName(
                plan.name,
                columns.map(({ name }) => name),
                "fkey",
              ),
        ),
        columns: columns.map(({ name }) => name),
        parentTable: parent.plan.name,
        parentColumns: parentNames,
        onUpdate: key.onUpdate,
        onDelete: key.onDelete,
        deferred: key.deferred,
        notValid: broken !== undefined || folded,
      },
    ];
  });
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
