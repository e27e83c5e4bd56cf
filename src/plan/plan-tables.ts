import { declaredKind } from "../model/declared-type.ts";
import { resolveForeignKey } from "../model/foreign-key.ts";
import { type ColumnProfile, NOTHING_SEEN, type TableProfile } from "../model/profile.ts";
import type { Finding } from "../model/proposal.ts";
import { type Rules, rulesOfColumn, rulesOfTable } from "../model/rules.ts";
import type { SourceColumn, SourceSchema, SourceTable } from "../model/schema.ts";
import { dateHabits } from "./choose-date-type.ts";
import { NameSpace, isSystemColumn, takeNames } from "./choose-names.ts";
import type { FoldName } from "./fold-name.ts";
import { chooseType } from "./choose-type.ts";
import { noteOf } from "./column-note.ts";
import type { TablePlan } from "./table-plan.ts";
import type { TypeChoice } from "./type-choice.ts";
import { type Link, unifyTypes } from "./unify-types.ts";

export interface PlanOptions {
  readonly types: "plain" | "enhanced";
  readonly rules: Rules;
  readonly fold: FoldName;
}

/** Settles the names and types of all tables and columns. */
export function planTables(schema: SourceSchema, profiles: readonly TableProfile[], names: ReadonlyMap<string, string>, options: PlanOptions): TablePlan[] {
  const { types, rules, fold } = options;
  const profileOf = (table: SourceTable) => profiles.find((profile) => profile.table === table.name) ?? null;
  const habits = dateHabits(schema.tables.flatMap((table) => table.columns.filter(isDate).map((column) => columnProfile(profileOf(table), column))));
  const choices = new Map<string, TypeChoice>();
  for (const table of schema.tables) {
    const keyed = keyColumns(table);
    for (const column of table.columns) {
      const ruled = ruledType(table, column, rules);
      choices.set(idOf(table, column.name), ruled ?? chooseType(column, columnProfile(profileOf(table), column), { enhanced: types === "enhanced", keyed: keyed.has(column.name), rowid: column.name === table.rowidAlias, habits }));
    }
  }
  const unified = unify(schema, choices, rules);
  return schema.tables.map((table) => planTable(table, profileOf(table), names.get(table.name) ?? table.name, { choices, unified, rules, fold }));
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
  readonly fold: FoldName;
}

function planTable(table: SourceTable, profile: TableProfile | null, name: string, { choices, unified, rules, fold }: Settled): TablePlan {
  const findings: Finding[] = name === fold(table.name) || name === rulesOfTable(rules, table.name).name ? [] : [renamed(table, null, { name, folded: fold(table.name) })];
  const ruledName = (column: string) => rulesOfColumn(rules, table.name, column).name;
  const columnNames = takeNames(new NameSpace(), table.columns.map((column) => column.name), { isRefused: isSystemColumn, ruled: ruledName, fold });
  const keyed = keyColumns(table);
  const columns = table.columns.map((column) => {
    const choice = choices.get(idOf(table, column.name));
    const type = unified.get(idOf(table, column.name)) ?? choice?.type ?? "text";
    const changed = columnNames.get(column.name) ?? column.name;
    const seen = columnProfile(profile, column);
    if (changed !== fold(column.name) && changed !== ruledName(column.name)) findings.push(renamed(table, column.name, { name: changed, folded: fold(column.name) }));
    for (const finding of choice?.findings ?? []) findings.push(noteOf(table.name, column.name, finding));
    if (keyed.has(column.name) && mayCollide(column, type, seen)) findings.push(collision(table, column));
    const evidence = type === choice?.type ? choice.evidence : `${choice?.evidence ?? ""}; ${type} as the columns that foreign keys join it with`;
    return { source: column, name: changed, profile: seen, type, evidence, rules: rulesOfColumn(rules, table.name, column.name) };
  });
  if (columns.length > MOST_COLUMNS) findings.push(tooManyColumns(table));
  return { source: table, name, profile, columns, constraints: new NameSpace(), fold, findings, untranslated: [] };
}

const MOST_COLUMNS = 1600;

function unify(schema: SourceSchema, choices: ReadonlyMap<string, TypeChoice>, rules: Rules): Map<string, string> {
  const links: Link[] = [];
  for (const table of schema.tables) {
    for (const key of table.foreignKeys) {
      const { parent, parentColumns } = resolveForeignKey(schema, key);
      if (parent === null || parentColumns === null) continue;
      for (const [index, column] of key.columns.entries()) links.push([idOf(table, column), idOf(parent, parentColumns[index] ?? "")]);
    }
  }
  const columns = schema.tables.flatMap((table) =>
    table.columns.map((column) => {
      const id = idOf(table, column.name);
      const choice = choices.get(id);
      return { id, type: choice?.type ?? "text", guessed: choice?.guessed ?? true, settled: column.name === table.rowidAlias || rulesOfColumn(rules, table.name, column.name).type !== undefined };
    }),
  );
  return unifyTypes(columns, links);
}

function idOf(table: SourceTable, column: string): string {
  return JSON.stringify([table.name, column]);
}

function isDate(column: SourceColumn): boolean {
  return ["date", "timestamp"].includes(declaredKind(column.declaredType));
}

/** Columns whose values tell rows apart. */
function keyColumns(table: SourceTable): ReadonlySet<string> {
  const unique = table.indexes.filter((index) => index.unique).flatMap(({ terms }) => terms.flatMap(({ column }) => (column === null ? [] : [column])));
  return new Set([...table.primaryKey, ...unique]);
}

/** Whether two values that differ in SQLite could be one in PostgreSQL: 1 and '1', 'a' and x'61'. */
function mayCollide(column: SourceColumn, type: string, { integers, reals, texts, blobs }: ColumnProfile): boolean {
  if (type === "bytea") return texts > 0 && blobs > 0;
  return type === "text" && column.affinity === "blob" && integers + reals > 0 && texts > 0;
}

function columnProfile(profile: TableProfile | null, column: SourceColumn): ColumnProfile {
  return profile?.columns.find((candidate) => candidate.column === column.name) ?? { ...NOTHING_SEEN, column: column.name };
}

function renamed(table: SourceTable, column: string | null, { name, folded }: { readonly name: string; readonly folded: string }): Finding {
  const isFolded = folded !== (column ?? table.name);
  return {
    code: isFolded ? "NAME_COLLISION" : "NAME_CHANGED",
    severity: "warning",
    table: table.name,
    ...(column === null ? {} : { column }),
    message: isFolded ? `its name folds to ${folded}, which another has or PostgreSQL does not take: it becomes ${name}` : `PostgreSQL does not take this name (it is too long, reserved for the system, or taken): it becomes ${name}`,
    hint: "change the application's queries to the new name, or choose another with the rule `name` in the config",
  };
}

function collision(table: SourceTable, column: SourceColumn): Finding {
  return {
    code: "KEY_COLLISION",
    severity: "blocking",
    table: table.name,
    column: column.name,
    message: "this key holds values of several storage classes: keys that differ in SQLite (1 and '1') would be one in PostgreSQL",
    hint: "make the keys alike in the source: `UPDATE … SET x = CAST(x AS TEXT)`",
  };
}

function tooManyColumns(table: SourceTable): Finding {
  return {
    code: "TOO_MANY_COLUMNS",
    severity: "blocking",
    table: table.name,
    message: `it has ${table.columns.length} columns; PostgreSQL takes ${MOST_COLUMNS}`,
    hint: "split the table in the source, or exclude it",
  };
}
