import { loadModule, type Node, parseSync, type SelectStmt } from "libpg-query";
import { UNKNOWN } from "./sql-in-code.ts";

/**
 * What ORDER BY and DISTINCT ON of a text name that is no column but an output of the same name, of another value:
 * `select id::text … order by id` goes by the text. Null where PostgreSQL's grammar cannot read it.
 */
export async function hiddenColumns(sql: string): Promise<string[] | null> {
  await loadModule();
  // A part of a statement is read as the part that it is.
  for (const before of ["", "select 1 ", "select ", "select * from "]) {
    const parsed = parsedOrNull(before + readable(sql));
    if (parsed !== null) return [...selects(parsed)].flatMap(hiddenIn);
  }
  return null;
}

function parsedOrNull(sql: string): unknown {
  try {
    return parseSync(sql);
  } catch {
    return null;
  }
}

/** What SQLite writes otherwise than PostgreSQL, and PL/pgSQL's frame around a condition. */
function readable(sql: string): string {
  return sql
    .replace(/^\s*if (.*) then$/, "select $1")
    .replace(/\?\d*/g, "$$1 ")
    .replaceAll(`$1 ${UNKNOWN}`, "$1")
    .replaceAll(` do ${UNKNOWN}`, " do nothing")
    .replace(/\bNOT INDEXED\b|\bINDEXED BY \S+/g, "")
    .replace(/\bJOIN (pragma_)/g, ", $1")
    .replace(/\bchar\(/g, "chr(")
    .replace(/\bMATCH\b/g, "=");
}

function* selects(value: unknown): Generator<SelectStmt> {
  if (Array.isArray(value)) for (const item of value) yield* selects(item);
  else if (typeof value === "object" && value !== null)
    for (const [name, part] of Object.entries(value)) {
      if (name === "SelectStmt" || name === "larg" || name === "rarg") yield part as SelectStmt;
      yield* selects(part);
    }
}

function hiddenIn({ distinctClause = [], sortClause = [], targetList = [] }: SelectStmt): string[] {
  const outputs = targetList.flatMap((target) => {
    if (!("ResTarget" in target)) return [];
    const { name, val } = target.ResTarget;
    const shown = name ?? (val === undefined ? null : nameOf(val)?.name);
    return val === undefined || shown == null ? [] : [{ name: shown, isColumn: lastName(val) === shown }];
  });
  const terms = [
    ...sortClause.flatMap((sort) => ("SortBy" in sort && sort.SortBy.node !== undefined ? [sort.SortBy.node] : [])),
    ...distinctClause,
  ];
  return terms.flatMap((term) => {
    const name = bareName(term);
    if (name === null) return [];
    const others = outputs.filter(({ isColumn }) => !isColumn);
    if (name.includes(UNKNOWN) && others.length > 0)
      return [`something unknown, next to the outputs ${others.map((output) => output.name).join(", ")}`];
    return others.some((output) => output.name === name) ? [name] : [];
  });
}

/** The name of a term that is nothing but a name. */
function bareName(node: Node): string | null {
  return "ColumnRef" in node && node.ColumnRef.fields?.length === 1 ? lastName(node) : null;
}

function lastName(node: Node): string | null {
  const last = "ColumnRef" in node ? node.ColumnRef.fields?.at(-1) : undefined;
  return last !== undefined && "String" in last ? (last.String.sval ?? null) : null;
}

/** How PostgreSQL calls an output that has no alias (FigureColnameInternal): a strong name goes before a weak one. */
function nameOf(node: Node): { readonly name: string; readonly strong: boolean } | null {
  const weak = (name: string) => ({ name, strong: false });
  const strong = (name: string | null | undefined) => (name == null ? null : { name, strong: true });
  if ("ColumnRef" in node) return strong(lastName(node));
  if ("CollateClause" in node && node.CollateClause.arg !== undefined) return nameOf(node.CollateClause.arg);
  if ("FuncCall" in node) return strong(textOf(node.FuncCall.funcname?.at(-1)));
  if ("TypeCast" in node) {
    const { arg, typeName } = node.TypeCast;
    const inner = arg === undefined ? null : nameOf(arg);
    if (inner?.strong === true) return inner;
    const type = textOf(typeName?.names?.at(-1));
    return type === null ? inner : weak(type);
  }
  if ("CaseExpr" in node) {
    const otherwise = node.CaseExpr.defresult === undefined ? null : nameOf(node.CaseExpr.defresult);
    return otherwise?.strong === true ? otherwise : weak("case");
  }
  if ("CoalesceExpr" in node) return strong("coalesce");
  return null;
}

function textOf(node: Node | undefined): string | null {
  return node !== undefined && "String" in node ? (node.String.sval ?? null) : null;
}
