import type { CommonTable, Compound } from "../../sqlite-sql/ast.ts";
import { PARAMETER_RANGE } from "./open-parameter.ts";
import { type Family, isWithinClasses, Untranslatable, type ValueTraits } from "./typed-sql.ts";

/** The body of a common table that reads itself; null if it does not. */
export function recursiveBody({ name, select }: CommonTable): Compound | null {
  const { body, limit, orderBy, with: common } = select;
  if (!names(select, name.text.toLowerCase())) return null;
  const isPlain = body.kind === "compound" && /^UNION( ALL)?$/.test(body.operator);
  if (!isPlain || limit !== null || orderBy.length > 0 || common !== null)
    throw new Untranslatable("its recursive query has ORDER BY, LIMIT or an operator that PostgreSQL has not there");
  return body;
}

function names(node: unknown, table: string): boolean {
  if (Array.isArray(node)) return node.some((part) => names(part, table));
  if (typeof node !== "object" || node === null) return false;
  const { kind, table: named } = node as { readonly kind?: unknown; readonly table?: unknown };
  if (kind === "table" && nameIn(named) === table) return true;
  return Object.values(node).some((part) => names(part, table));
}

function nameIn(table: unknown): string {
  const { name } = (table ?? {}) as { readonly name?: { readonly text?: unknown } };
  return String(name?.text ?? "").toLowerCase();
}

const TYPES: Readonly<Partial<Record<Family, string>>> = {
  integer: "bigint",
  double: "double precision",
  numeric: "numeric",
  text: "text",
  bytea: "bytea",
  date: "date",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
};

/** The first rows give each column its type in PostgreSQL: the widest, since later rows may need it. */
export function recursiveType({ family }: ValueTraits): string {
  const type = TYPES[family];
  if (type === undefined) throw new Untranslatable("its recursive query has a column whose type is not clear");
  return type;
}

/** What calculates with its own rows is taken to stay small, as with parameters: else PostgreSQL fails. */
export function recursiveTraits(traits: ValueTraits): ValueTraits {
  const isNumeric = ["integer", "double", "numeric"].includes(traits.family);
  const { isNarrow: _, ...kept } = traits;
  return { ...kept, byBytes: false, ...(isNumeric ? { range: PARAMETER_RANGE } : {}) };
}

export function requireSameColumns(columns: readonly ValueTraits[], others: readonly ValueTraits[]): void {
  const isSame =
    columns.length === others.length &&
    others.every((other, index) => {
      const column = columns[index];
      return column !== undefined && other.family === column.family && isWithinClasses(other, column);
    });
  if (!isSame) throw new Untranslatable("the parts of its recursive query are of different types");
}
