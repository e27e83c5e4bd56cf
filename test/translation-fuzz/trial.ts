import { canKeepTexts, type TablePlan, tableScope } from "../../src/plan/propose/table-plan.ts";
import { tableRelation } from "../../src/plan/translate/relation.ts";
import { translate } from "../../src/plan/translate/translate-expression.ts";
import {
  translateCheck,
  translateCondition,
  translateUniqueTerm,
} from "../../src/plan/translate/translate-sql-text.ts";
import { translateView } from "../../src/plan/translate/translate-view.ts";
import { asInteger, type Scope, typed, Untranslatable } from "../../src/plan/translate/typed-sql.ts";
import { pgString } from "../../src/quote.ts";
import { parseExpression } from "../../src/sqlite-sql/parse.ts";
import { type BothSides, bothSides, type SidesOptions } from "./both-sides.ts";
import { type Cell, compareCells, compareViews, type View } from "./compare.ts";
import { Random } from "./random.ts";
import { randomCondition, randomValue } from "./random-expression.ts";
import { randomQuery } from "./random-query.ts";
import { RARE_KINDS, type RareKind, type RareSql } from "./random-rare.ts";
import { type Looks, randomTable } from "./random-table.ts";

export interface Tally {
  tried: number;
  /** Those that had a translation, and were compared. */
  compared: number;
  readonly faults: string[];
  /** How many of each rare kind were tried. */
  readonly rare: Map<RareKind, number>;
}

export interface TrialOptions extends Omit<SidesOptions, "sql" | "types" | "collationChoice"> {
  readonly expressions: number;
  readonly queries: number;
  /** Of each rare kind. */
  readonly rare: number;
}

const LOOKS: readonly Looks[] = ["number", "number", "text", "text", "date", "any", "blob"];
const HEIGHT = 14;

/** One pair of random tables, and random SQL over them, in SQLite and translated in PostgreSQL. */
export async function trial(seed: number, options: TrialOptions, tally: Tally): Promise<void> {
  const { expressions, path, queries, rare, session } = options;
  const random = new Random(seed);
  const tables = [randomTable(random, "a", 8, HEIGHT), randomTable(random, "b", 4, HEIGHT)] as const;
  const sql = tables.map((table) => table.sql).join("\n");
  const sides = await bothSides({
    path,
    session,
    sql,
    types: random.pick(["plain", "enhanced"]),
    collationChoice: random.pick(["C", "C", "database"]),
  });
  try {
    const source = { random, columns: tables[0].columns };
    const texts = Array.from({ length: expressions }, () => randomValue(source, random.pick(LOOKS), 3));
    const conditions = Array.from({ length: expressions }, () => randomCondition(source, 2));
    const cells = [
      ...texts.flatMap((text) => valueCell(sides, text) ?? []),
      ...conditions.flatMap((text) => conditionCell(sides, text) ?? []),
      ...texts.slice(0, expressions / 2).flatMap((text) => uniqueCell(sides, text, random) ?? []),
    ];
    const kinds = (Object.keys(RARE_KINDS) as RareKind[]).flatMap((kind) =>
      Array.from({ length: rare }, () => ({ kind, ...RARE_KINDS[kind](random, tables) })),
    );
    for (const { kind } of kinds) tally.rare.set(kind, (tally.rare.get(kind) ?? 0) + 1);
    cells.push(...kinds.flatMap((sql) => rareCell(sides, sql) ?? []));
    const queried = kinds.filter(({ form }) => form === "query").map((one) => one.sql);
    const views = [...Array.from({ length: queries }, () => randomQuery(random, tables)), ...queried].flatMap(
      (query) => viewOf(sides, query) ?? [],
    );
    const found = [...(await compareCells(sides, cells)), ...(await compareViews(sides, views))];
    tally.tried += 2 * expressions + Math.floor(expressions / 2) + queries + kinds.length;
    tally.compared += cells.length + views.length;
    const types = sides.plans.map(({ columns }) => columns.map(({ name, type }) => `${name} ${type}`).join(", "));
    tally.faults.push(...found.map((fault) => `seed ${seed}: ${fault}\n${types.join("\n")}\n${sql}`));
  } finally {
    sides.close();
  }
}

/** Dates and the like that are held as texts stay texts. */
function scopeOf(plan: TablePlan): Scope {
  return tableScope(plan, { keep: () => {} });
}

function rareCell(sides: BothSides, { form, sql }: RareSql): Cell | null {
  switch (form) {
    case "value":
      return valueCell(sides, sql);
    case "condition":
      return conditionCell(sides, sql);
    case "check":
      return checkCell(sides, sql);
    case "query":
      return null;
  }
}

function valueCell({ plans: [plan] }: BothSides, text: string): Cell | null {
  return orNull(() => {
    if (plan === undefined) return null;
    const value = translate(parseExpression(text), scopeOf(plan));
    return value.family === "null" ? null : { text, sqlite: text, postgres: value.sql, traits: value };
  });
}

function conditionCell({ plans: [plan] }: BothSides, text: string): Cell | null {
  const { sql } = plan === undefined ? { sql: null } : translateCondition(text, scopeOf(plan));
  if (sql === null) return null;
  const sqlite = `CASE WHEN (${text}) THEN 1 WHEN NOT (${text}) THEN 0 END`;
  return { text: `condition ${text}`, sqlite, postgres: sql, traits: typed(sql, "boolean") };
}

/** A CHECK refuses a row by falsehood, and in PostgreSQL by an error, too. */
function checkCell({ plans: [plan] }: BothSides, text: string): Cell | null {
  const { sql } = plan === undefined ? { sql: null } : translateCheck(text, scopeOf(plan));
  if (sql === null) return null;
  return {
    text: `check ${text}`,
    sqlite: `(${text}) IS NOT FALSE`,
    postgres: `pg_temp.holds(id, ${pgString(sql)})`,
    traits: typed(sql, "boolean"),
    // A date's format is kept by its type, whatever rows there were before.
    mayAccept: /date|strftime/.test(text),
  };
}

/** Which rows are equal, as a unique index sees it. */
function uniqueCell({ plans: [plan] }: BothSides, text: string, random: Random): Cell | null {
  const collation = random.pick(["BINARY", "NOCASE", "RTRIM"]);
  const { sql } = plan === undefined ? { sql: null } : translateUniqueTerm(text, collation, scopeOf(plan));
  if (sql === null) return null;
  return {
    text: `unique ${text} collate ${collation}`,
    sqlite: `dense_rank() OVER (ORDER BY (${text}) COLLATE ${collation})`,
    postgres: `dense_rank() over (order by ${sql})`,
    traits: { ...asInteger(typed("", "boolean")), range: null },
    isGrouping: true,
  };
}

function viewOf({ plans }: BothSides, query: string): View | null {
  const relations = new Map(plans.map((plan) => [plan.source.name, tableRelation(plan, canKeepTexts)]));
  const { outputs, query: translated } = translateView(`CREATE VIEW v AS ${query}`, null, relations);
  return translated === null ? null : { sqlite: query, postgres: translated, outputs };
}

function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof Untranslatable) return null;
    throw error;
  }
}
