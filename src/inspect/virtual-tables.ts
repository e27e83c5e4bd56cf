import type { SearchIndex, SkippedObject, SourceColumn, SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import type { SourceRow } from "../source/source.ts";
import { buildTable } from "./build-table.ts";
import type { decoder } from "./harmless-text.ts";
import { moduleOf } from "./shadow-tables.ts";
import { closing, identifierOf, isWord, type SqliteToken, splitAtCommas, sqliteTokens } from "./sqlite-tokens.ts";

export interface VirtualObject {
  readonly name: string;
  readonly sql: string;
}

/** Rows of `table_xinfo` by table. */
export type Columns = ReadonlyMap<string, readonly SourceRow[]>;

/**
 * A virtual table as the ordinary table in which its module keeps the rows, so that it is read and captured like any
 * other. Virtual tables cannot have triggers, but the module's own statements fire those of its shadow tables. Where it
 * has no rows of its own, what is known of it.
 */
export function readVirtual(
  object: VirtualObject,
  columns: Columns,
  text: ReturnType<typeof decoder>,
): SourceTable | SkippedObject {
  const { name, sql } = object;
  const skipped = (more: Partial<SkippedObject> = {}): SkippedObject => ({
    name,
    reason: "virtual",
    sql,
    type: "table",
    ...more,
  });
  const build = (shadow: string) => {
    const rows = columns.get(shadow);
    return rows === undefined
      ? null
      : buildTable(shadow, "", { columns: rows, indexes: [], foreignKeys: [] }, new Map(), text);
  };
  const module = moduleOf(sql);
  const call = readArguments(sql);
  switch (module) {
    case "fts3":
    case "fts4":
    case "fts5": {
      const tokenizer = call.options.get("tokenize") ?? "";
      const content = call.options.get("content");
      if (content === "") return skipped({ rows: "none" });
      if (content !== undefined)
        return skipped({ rows: "elsewhere", search: { content, columns: call.columns, tokenizer } });
      if (call.options.has("compress")) return skipped({ rows: "left" });
      const table = build(`${name}_content`);
      return table === null ? skipped() : searchTable(table, { name, module, sql }, call, tokenizer);
    }
    case "rtree":
    case "rtree_i32": {
      const table = build(`${name}_rowid`);
      return table === null ? skipped() : boxTable(table, { name, module, sql }, call.columns);
    }
    case "geopoly": {
      const table = build(`${name}_rowid`);
      return table === null ? skipped() : shapeTable(table, { name, module, sql }, call.columns);
    }
    default:
      return skipped();
  }
}

type Origin = Pick<NonNullable<SourceTable["virtual"]>, "name" | "module" | "sql">;

/** `_content`: the rowid, then the columns as c0, c1, … (FTS5) or c0title, c1body, … (FTS3, FTS4). */
function searchTable(table: SourceTable, origin: Origin, call: Arguments, tokenizer: string): SourceTable {
  const [key, ...others] = table.columns;
  const columns = others.map((column): SourceColumn => {
    const position = /^c(\d+)/.exec(column.name);
    const given = position === null ? undefined : call.columns[Number(position[1])];
    return {
      ...column,
      knownAs:
        given ?? (origin.module === "fts5" || position === null ? column.name : column.name.slice(position[0].length)),
    };
  });
  const search: SearchIndex = {
    content: table.name,
    columns: columns.map(({ name }) => name).filter((_, index) => !call.unindexed.has(index)),
    tokenizer,
  };
  return {
    ...table,
    columns: [...(key === undefined ? [] : [{ ...key, knownAs: "rowid" }]), ...columns],
    virtual: { ...origin, search },
  };
}

/**
 * `_rowid` has the ids and the auxiliary columns as a0, a1, …; coordinates are in binary nodes, so the module is asked
 * for them.
 */
function boxTable(table: SourceTable, origin: Origin, given: readonly string[]): SourceTable {
  const [id = "id", ...others] = given;
  const key = table.columns.find(({ name }) => name === "rowid");
  if (key === undefined) return table;
  const plain = others.filter((column) => !column.startsWith("+"));
  const coordinates = plain.map((name): SourceColumn => {
    const type = origin.module === "rtree" ? "REAL" : "INTEGER";
    const expression =
      `SELECT v.${sqliteName(name)} FROM ${sqliteName(origin.name)} AS v ` +
      `WHERE v.rowid = ${sqliteName(table.name)}.${sqliteName(key.name)}`;
    return {
      ...key,
      name,
      declaredType: type,
      affinity: type === "REAL" ? "real" : "integer",
      primaryKeyPosition: 0,
      generated: { storage: "elsewhere", expression },
    };
  });
  const auxiliary = others
    .filter((column) => column.startsWith("+"))
    .flatMap((name, index) => knownAs(table, `a${index}`, name.slice(1)));
  const boxes = Array.from(
    { length: Math.floor(plain.length / 2) },
    (_, index) => [plain[2 * index] ?? "", plain[2 * index + 1] ?? ""] as const,
  );
  return { ...table, columns: [{ ...key, knownAs: id }, ...coordinates, ...auxiliary], virtual: { ...origin, boxes } };
}

/** `_rowid` of a geopoly table has its shape as a0, then its other columns. */
function shapeTable(table: SourceTable, origin: Origin, given: readonly string[]): SourceTable {
  return {
    ...table,
    columns: [
      ...knownAs(table, "rowid", "rowid"),
      ...["_shape", ...given].flatMap((name, index) => knownAs(table, `a${index}`, name)),
    ],
    virtual: origin,
  };
}

function knownAs(table: SourceTable, name: string, known: string): SourceColumn[] {
  return table.columns.filter((column) => column.name === name).map((column) => ({ ...column, knownAs: known }));
}

interface Arguments {
  readonly columns: readonly string[];
  /** Positions of columns that are stored and not indexed. */
  readonly unindexed: ReadonlySet<number>;
  /** By name in lower case. */
  readonly options: ReadonlyMap<string, string>;
}

/** What stands in parentheses behind the module's name. */
function readArguments(sql: string): Arguments {
  const tokens = sqliteTokens(sql);
  const using = tokens.findIndex((token) => isWord(token, "USING"));
  const open = tokens.findIndex((token, index) => index > using && token.text === "(" && token.kind === "symbol");
  const items = open === -1 ? [] : splitAtCommas(tokens.slice(open + 1, closing(tokens, open)), 1);
  const columns: string[] = [];
  const unindexed = new Set<number>();
  const options = new Map<string, string>();
  for (const item of items) {
    const [first, second] = item;
    if (second?.text === "=") options.set((identifierOf(first) ?? "").toLowerCase(), optionValue(sql, item.slice(2)));
    else if (isWord(first, "TOKENIZE")) options.set("tokenize", optionValue(sql, item.slice(1)));
    else {
      if (item.some((token, index) => index > 0 && isWord(token, "UNINDEXED"))) unindexed.add(columns.length);
      columns.push(first?.text === "+" ? `+${identifierOf(second) ?? ""}` : (identifierOf(first) ?? ""));
    }
  }
  const named = (options.get("notindexed") ?? "").toLowerCase();
  const position = columns.findIndex((column) => column.toLowerCase() === named);
  if (position !== -1) unindexed.add(position);
  return { columns, unindexed, options };
}

function optionValue(sql: string, tokens: readonly SqliteToken[]): string {
  const [first] = tokens;
  if (first === undefined) return "";
  return tokens.length === 1 ? (identifierOf(first) ?? first.text) : sql.slice(first.start, tokens.at(-1)?.end);
}
