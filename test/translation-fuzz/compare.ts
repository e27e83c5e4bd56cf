import { BLOB, INTEGER, REAL, TEXT } from "../../src/plan/translate/storage-classes.ts";
import type { ValueTraits } from "../../src/plan/translate/typed-sql.ts";
import type { BothSides, SqliteValue } from "./both-sides.ts";
import { canonicalOfPostgres, canonicalOfSqlite, shownSql } from "./canonical.ts";

/** An expression over the first table, in both dialects. */
export interface Cell {
  readonly text: string;
  readonly sqlite: string;
  readonly postgres: string;
  readonly traits: ValueTraits;
  /** Not the numbers count, but which rows have the same. */
  readonly isGrouping?: boolean;
  /** PostgreSQL may say 1 where SQLite says 0. */
  readonly mayAccept?: boolean;
}

export interface View {
  readonly sqlite: string;
  readonly postgres: string;
  readonly outputs: readonly ValueTraits[];
}

const AT_ONCE = 100;

/** Evaluates many in one statement; what differs, a line each. */
export async function compareCells(sides: BothSides, cells: readonly Cell[]): Promise<string[]> {
  const faults: string[] = [];
  for (let start = 0; start < cells.length; start += AT_ONCE)
    faults.push(...(await compareSlice(sides, cells.slice(start, start + AT_ONCE))));
  return faults;
}

async function compareSlice(sides: BothSides, cells: readonly Cell[]): Promise<string[]> {
  const [only] = cells;
  if (only === undefined) return [];
  const inSqlite = sides.inSqlite(`SELECT ${cells.map(({ sqlite }) => `(${sqlite})`).join(", ")} FROM a ORDER BY id`);
  const shown = cells.map(({ postgres, traits }) => shownSql(`(${postgres})`, traits));
  const inPostgres =
    typeof inSqlite === "string"
      ? inSqlite
      : await sides.inPostgres(`select array[${shown.join(", ")}] as r from a order by id`);
  if (typeof inSqlite !== "string" && typeof inPostgres !== "string")
    return cells.flatMap((cell, index) =>
      differences(
        cell,
        inSqlite.map((row) => row[index] ?? null),
        inPostgres.map((row) => row[index] ?? null),
      ),
    );
  if (cells.length > 1) {
    const middle = cells.length >> 1;
    return [
      ...(await compareSlice(sides, cells.slice(0, middle))),
      ...(await compareSlice(sides, cells.slice(middle))),
    ];
  }
  // What SQLite itself refuses is no concern of ours.
  return typeof inSqlite === "string" ? [] : [`${only.text} → ${only.postgres}: ${String(inPostgres)}`];
}

function differences(cell: Cell, sqlite: readonly SqliteValue[], postgres: readonly (string | null)[]): string[] {
  const { isGrouping, text, traits } = cell;
  const [one, other] = [
    sqlite.map((value) => canonicalOfSqlite(value, traits)),
    postgres.map((value) => canonicalOfPostgres(value, traits)),
  ];
  const [left, right] = isGrouping === true ? [grouping(one), grouping(other)] : [one, other];
  const wrong = left.findIndex(
    (value, index) => value !== right[index] && !(cell.mayAccept === true && right[index] === "number 1"),
  );
  if (wrong !== -1)
    return [
      `${text} → ${cell.postgres}: row ${wrong + 1} gives ${left[wrong] ?? ""} in SQLite, ` +
        `${right[wrong] ?? ""} in PostgreSQL`,
    ];
  const odd = isGrouping === true ? undefined : sqlite.find((value) => !isForeseen(value, traits));
  return odd === undefined ? [] : [`${text}: ${String(odd)} (${typeof odd}) was not foreseen`];
}

/** For each row the first one that is equal. */
function grouping(values: readonly string[]): string[] {
  return values.map((value) => String(values.indexOf(value)));
}

/** Whether the analysis of storage classes and ranges is right. */
function isForeseen(value: SqliteValue, { classes, range }: ValueTraits): boolean {
  if (value === null) return true;
  if (value instanceof Uint8Array) return (classes & BLOB) !== 0;
  if (typeof value === "string") return (classes & TEXT) !== 0;
  if ((classes & (typeof value === "bigint" ? INTEGER : REAL)) === 0) return false;
  // Ranges are calculated in doubles.
  const slack = (bound: number) => Math.abs(bound) * 2 ** -51;
  return range === null || (Number(value) >= range[0] - slack(range[0]) && Number(value) <= range[1] + slack(range[1]));
}

/** The same rows, in any order. */
export async function compareViews(sides: BothSides, views: readonly View[]): Promise<string[]> {
  const faults: string[] = [];
  for (let start = 0; start < views.length; start += AT_ONCE / 4)
    faults.push(...(await compareSomeViews(sides, views.slice(start, start + AT_ONCE / 4))));
  return faults;
}

async function compareSomeViews(sides: BothSides, views: readonly View[]): Promise<string[]> {
  const [only] = views;
  if (only === undefined) return [];
  const answers = await sides.inPostgres(views.map(rowsSql).join(" union all ").concat(" order by 1"));
  if (typeof answers === "string" && views.length > 1) {
    const middle = views.length >> 1;
    return [
      ...(await compareSomeViews(sides, views.slice(0, middle))),
      ...(await compareSomeViews(sides, views.slice(middle))),
    ];
  }
  return views.flatMap((view, index) => {
    const inSqlite = sides.inSqlite(view.sqlite);
    if (typeof inSqlite === "string") return [];
    const label = `${view.sqlite} → ${view.postgres.replaceAll("\n", " ")}`;
    if (typeof answers === "string") return [`${label}: ${answers}`];
    const rows = JSON.parse(answers[index]?.[1] ?? "[]") as (string | null)[][];
    const none: ValueTraits = { family: "null", classes: 0, affinity: "none", collation: null, range: null };
    const traits = (place: number) => view.outputs[place] ?? none;
    const left = inSqlite.map((row) => row.map((value, place) => canonicalOfSqlite(value, traits(place))).join(" | "));
    const right = rows.map((row) => row.map((value, place) => canonicalOfPostgres(value, traits(place))).join(" | "));
    const [one, other] = [left.sort().join("\n"), right.sort().join("\n")];
    return one === other ? [] : [`${label}:\nSQLite:\n${one}\nPostgreSQL:\n${other}`];
  });
}

/** The rows as JSON, behind the number by which answers are put into order. */
function rowsSql({ outputs, postgres }: View, place: number): string {
  const names = outputs.map((_, index) => `c${index}`);
  const cells = names.map((name, index) => {
    const output = outputs[index];
    return output === undefined ? name : shownSql(name, output);
  });
  return (
    `select array['${String(place).padStart(4, "0")}', (select ` +
    `json_agg(json_build_array(${cells.join(", ")}))::text from (${postgres}\n) q(${names.join(", ")}))] as r`
  );
}
