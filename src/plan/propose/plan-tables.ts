import { declaredKind } from "../../model/declared-type.ts";
import { resolveForeignKey } from "../../model/foreign-key.ts";
import { ORM_PROFILES, type OrmProfile } from "../../model/orm-profile.ts";
import { type ColumnProfile, NOTHING_SEEN, type TableProfile } from "../../model/profile.ts";
import type { PlannedFinding } from "../../model/proposal.ts";
import { type Rules, rulesOfColumn, rulesOfTable } from "../../model/rules.ts";
import type { SourceColumn, SourceSchema, SourceTable } from "../../model/source-schema.ts";
import type { CollationChoice } from "../../model/text-order.ts";
import { collationChanged, tableFindings } from "../findings/table-findings.ts";
import { cut, fits, isCatalogueName, isSystemColumn, NameSpace } from "../names/choose-names.ts";
import type { FoldName } from "../names/fold-name.ts";
import { columnNames, foldOf } from "../names/target-names.ts";
import { byteOrder } from "../types/byte-order.ts";
import { dateHabits } from "../types/choose-date-type.ts";
import { chooseType } from "../types/choose-type.ts";
import { noteOf } from "../types/column-note.ts";
import { followOrm } from "../types/follow-orm.ts";
import type { TypeChoice } from "../types/type-choice.ts";
import { type Link, unifyTypes } from "../types/unify-types.ts";
import { heedDefault } from "./heed-default.ts";
import { comparedTexts, heedUse } from "./heed-use.ts";
import type { TablePlan } from "./table-plan.ts";

export interface PlanOptions {
  readonly types: "plain" | "enhanced";
  readonly rules: Rules;
  readonly names: "keep" | "snake_case";
  readonly collationChoice: CollationChoice;
  /** Default: plain. */
  readonly orm?: OrmProfile;
}

/** Settles the names and types of all tables and columns. */
export function planTables(
  schema: SourceSchema,
  profiles: readonly TableProfile[],
  names: ReadonlyMap<string, string>,
  options: PlanOptions,
): TablePlan[] {
  const { types, rules, collationChoice, orm = ORM_PROFILES.plain } = options;
  const profileOf = (table: SourceTable) => profiles.find((profile) => profile.table === table.name) ?? null;
  const habits = dateHabits(
    schema.tables.flatMap((table) =>
      table.columns.filter(isDate).map((column) => columnProfile(profileOf(table), column)),
    ),
  );
  const linked = new Set(linksOf(schema).flat());
  const choices = new Map<string, TypeChoice>();
  const compared = comparedTexts(schema);
  for (const table of schema.tables) {
    const keyed = keyColumns(table);
    for (const column of table.columns) {
      const id = idOf(table, column.name);
      const seen = columnProfile(profileOf(table), column);
      const choice = chooseType(column, seen, {
        enhanced: types === "enhanced",
        keyed: keyed.has(column.name),
        linked: linked.has(id),
        rowid: column.name === table.rowidAlias,
        utf16: schema.encoding !== "UTF-8",
        habits,
      });
      const isSettled =
        column.name === table.rowidAlias || rulesOfColumn(rules, table.name, column.name).default !== undefined;
      const used =
        column.name === table.rowidAlias || !choice.guessed ? choice : heedUse(choice, compared(table, column));
      choices.set(
        id,
        ruledType(table, column, rules) ?? followOrm(orm, column, seen, isSettled ? used : heedDefault(column, used)),
      );
    }
  }
  const unified = unify(schema, choices, rules);
  return schema.tables.map((table) =>
    planTable(table, profileOf(table), names.get(table.name) ?? table.name, {
      choices,
      unified,
      rules,
      names: options.names,
      collationChoice,
    }),
  );
}

/** The type that a rule gives a column: whatever its values are. */
function ruledType(table: SourceTable, column: SourceColumn, rules: Rules): TypeChoice | null {
  const { type } = rulesOfColumn(rules, table.name, column.name);
  return type === undefined ? null : { type, evidence: "by a rule in the config", findings: [], guessed: false };
}

interface Settled {
  readonly choices: ReadonlyMap<string, TypeChoice>;
  readonly unified: ReadonlyMap<string, string>;
  readonly rules: Rules;
  readonly names: "keep" | "snake_case";
  readonly collationChoice: CollationChoice;
}

function planTable(
  table: SourceTable,
  profile: TableProfile | null,
  name: string,
  { choices, unified, rules, names, collationChoice }: Settled,
): TablePlan {
  const fold = foldOf({ names });
  const findings: PlannedFinding[] =
    name === fold(table.virtual?.name ?? table.name) || name === rulesOfTable(rules, table.name).name
      ? []
      : [renamed(table, null, { name, wished: table.virtual?.name ?? table.name, fold })];
  const ruledName = (column: string) => rulesOfColumn(rules, table.name, column).name;
  const wished = (name: string) => table.columns.find((column) => column.name === name)?.knownAs ?? name;
  const named = columnNames(table, { names, rules });
  findings.push(...tableFindings(table, profile));
  const columns = table.columns.map((column) => {
    const choice = choices.get(idOf(table, column.name));
    const type = unified.get(idOf(table, column.name)) ?? choice?.type ?? "text";
    const changed = named.get(column.name) ?? column.name;
    const seen = columnProfile(profile, column);
    if (changed !== fold(wished(column.name)) && changed !== ruledName(column.name))
      findings.push(renamed(table, column.name, { name: changed, wished: wished(column.name), fold }));
    if (comparesOtherwise(table, column, type)) findings.push(collationChanged(table, column, changed));
    for (const finding of choice?.findings ?? []) findings.push(noteOf(table.name, column.name, finding));
    const evidence =
      type === choice?.type
        ? choice.evidence
        : `${choice?.evidence ?? ""}; ${type} as the columns that foreign keys join it with`;
    return {
      source: column,
      name: changed,
      profile: seen,
      type,
      collation: collationChoice === "C" ? byteOrder(type) : null,
      evidence,
      rules: rulesOfColumn(rules, table.name, column.name),
    };
  });
  const constraints = new NameSpace();
  return { source: table, name, profile, columns, constraints, fold, keptTexts: new Set(), findings, untranslated: [] };
}

/** Texts that SQLite takes for equal. Of a unique index without regard to case a finding of its own tells. */
function comparesOtherwise(table: SourceTable, { collation, name }: SourceColumn, type: string): boolean {
  if (!/^(text|character|varchar)/.test(type)) return false;
  const isReported = table.indexes.some(
    ({ terms, unique }) => unique && terms.some((term) => term.column === name && term.collation === "NOCASE"),
  );
  return collation === "RTRIM" || (collation === "NOCASE" && !isReported);
}

/** Columns that foreign keys join. */
function linksOf(schema: SourceSchema): Link[] {
  const links: Link[] = [];
  for (const table of schema.tables) {
    for (const key of table.foreignKeys) {
      const { parent, parentColumns } = resolveForeignKey(schema, key);
      if (parent === null || parentColumns === null) continue;
      for (const [index, column] of key.columns.entries())
        links.push([idOf(table, column), idOf(parent, parentColumns[index] ?? "")]);
    }
  }
  return links;
}

function unify(schema: SourceSchema, choices: ReadonlyMap<string, TypeChoice>, rules: Rules): Map<string, string> {
  const columns = schema.tables.flatMap((table) =>
    table.columns.map((column) => {
      const id = idOf(table, column.name);
      const choice = choices.get(id);
      return {
        id,
        type: choice?.type ?? "text",
        guessed: choice?.guessed ?? true,
        settled: column.name === table.rowidAlias || rulesOfColumn(rules, table.name, column.name).type !== undefined,
      };
    }),
  );
  return unifyTypes(columns, linksOf(schema));
}

function idOf(table: SourceTable, column: string): string {
  return JSON.stringify([table.name, column]);
}

function isDate(column: SourceColumn): boolean {
  return ["date", "timestamp"].includes(declaredKind(column.declaredType));
}

/** Columns whose values tell rows apart. */
function keyColumns(table: SourceTable): ReadonlySet<string> {
  const unique = table.indexes
    .filter((index) => index.unique)
    .flatMap(({ terms }) => terms.flatMap(({ column }) => (column === null ? [] : [column])));
  return new Set([...table.primaryKey, ...unique]);
}

function columnProfile(profile: TableProfile | null, column: SourceColumn): ColumnProfile {
  return (
    profile?.columns.find((candidate) => candidate.column === column.name) ?? { ...NOTHING_SEEN, column: column.name }
  );
}

function renamed(
  table: SourceTable,
  column: string | null,
  { name, wished, fold }: { readonly name: string; readonly wished: string; readonly fold: FoldName },
): PlannedFinding {
  const folded = fold(wished);
  const isFolded = folded !== wished;
  if (!fits(folded) && name === cut(folded)) return truncated(table, column, name);
  return {
    code: isFolded ? "NAME_COLLISION" : "NAME_CHANGED",
    severity: "warning",
    table: table.name,
    ...(column === null ? {} : { column }),
    message: isFolded
      ? `its name folds to ${folded}, which another has or PostgreSQL does not take: it becomes ${name}`
      : `PostgreSQL does not take this name (${reason(column ?? table.name)}): it becomes ${name}`,
    hint: "change the application's queries to the new name, or choose another by a rule",
    rules: [
      {
        description: "any name of at most 63 bytes that is free",
        rules: { tables: { [table.name]: column === null ? { name } : { columns: { [column]: { name } } } } },
      },
    ],
  };
}

/** Cut as PostgreSQL cuts the name in a query: what names it whole goes on working. */
function truncated(table: SourceTable, column: string | null, name: string): PlannedFinding {
  return {
    code: "LONG_NAME_TRUNCATED",
    severity: "info",
    table: table.name,
    ...(column === null ? {} : { column }),
    message: `its name has more than 63 bytes: it becomes ${name}, and PostgreSQL cuts it so in queries, too`,
    hint: "nothing to do, unless the application looks for the name in PostgreSQL's catalogue",
  };
}

function reason(name: string): string {
  if (name === "") return "it is empty";
  if (!fits(name)) return "it has more than 63 bytes, and PostgreSQL would cut it off";
  return isSystemColumn(name) || isCatalogueName(name) ? "it is the system's own" : "another has it";
}
