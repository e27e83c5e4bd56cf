/** Kinds of values that an expression may have in PostgreSQL, as far as translating needs to know. */
export type Family =
  | "integer"
  | "double"
  | "numeric"
  | "text"
  | "boolean"
  | "bytea"
  | "date"
  | "timestamp"
  | "timestamptz"
  | "json"
  | "null"
  | "other";

/** A piece of PostgreSQL's SQL. */
export interface TypedSql {
  readonly sql: string;
  readonly family: Family;
  /** How tightly its outermost operator binds in PostgreSQL. */
  readonly binding: number;
  /** Of a text: the collation by which SQLite compares it. */
  readonly collation: string | null;
  /** Whether PostgreSQL, too, compares it byte by byte without being told: a column with the collation "C". */
  readonly byBytes?: boolean;
  /** Said with COLLATE, which outweighs what a column says. */
  readonly explicit?: boolean;
  /** Of a literal: its value, numbers as written. */
  readonly literal: string | null;
  /** Columns that it uses outside of an aggregate, and whether it has one. */
  readonly bare: readonly string[];
  readonly aggregate: boolean;
  /** Of typeof(x): x, and what it says where x is not NULL. */
  readonly typeOf?: { readonly subject: TypedSql; readonly name: string };
  /** SQL of the text that it casts: it fails with an error where SQLite says 0. */
  readonly asserting?: string;
}

/** What names in an expression stand for. */
export interface Scope {
  /** The column of a name in any case; null if there is none. */
  column(name: string, qualifier: string | null): TypedSql | null;
  /** Whether count(), sum() and the like may occur. */
  readonly aggregates: boolean;
  /** A CHECK, or a part of one that has to hold by itself: an error refuses the row as well as falsehood does. */
  readonly asserts?: boolean;
  /** Something that is asked anew for each row: random() may occur. */
  readonly random?: boolean;
  /** An index that is not unique: it may order by values that stand for those of SQLite. */
  readonly loose?: boolean;
}

/** PostgreSQL's precedence, from loose to tight. */
export const OR = 1;
export const AND = 2;
export const NOT = 3;
export const IS = 4;
export const COMPARE = 5;
export const RANGE = 6;
export const OTHER = 7;
export const ADD = 8;
export const MULTIPLY = 9;
export const COLLATE = 11;
export const ATOM = 12;

/** That a piece of SQL has no sure translation. Never leaves `plan/`. */
export class Untranslatable extends Error {}

export function typed(sql: string, family: Family, binding = ATOM, from: readonly TypedSql[] = []): TypedSql {
  return {
    sql,
    family,
    binding,
    collation: null,
    literal: null,
    bare: from.flatMap(({ bare }) => bare),
    aggregate: from.some(({ aggregate }) => aggregate),
  };
}

/** The SQL of an operand, in parentheses if its operator binds less tightly than asked. */
export function operand(piece: TypedSql, binding: number): string {
  return piece.binding < binding ? `(${piece.sql})` : piece.sql;
}

/** A text that PostgreSQL compares byte by byte, as SQLite does: the collation "C" does that. */
export function inBytes(piece: TypedSql): TypedSql {
  return piece.byBytes === true ? piece : { ...piece, sql: `${operand(piece, COLLATE)} collate "C"`, binding: COLLATE };
}

export function isNumber({ family }: TypedSql): boolean {
  return family === "integer" || family === "double" || family === "numeric";
}

export function familyOfType(type: string): Family {
  switch (type) {
    case "bigint":
      return "integer";
    case "double precision":
      return "double";
    case "json":
    case "jsonb":
      return "json";
    case "text":
    case "boolean":
    case "bytea":
    case "date":
    case "timestamp":
    case "timestamptz":
      return type;
    default:
      return type.startsWith("numeric") ? "numeric" : "other";
  }
}

/** A truth value as the number that it is in SQLite. */
export function asInteger(piece: TypedSql): TypedSql {
  if (piece.family !== "boolean") return piece;
  return piece.literal === null
    ? typed(`${operand(piece, ATOM)}::integer`, "integer", ATOM, [piece])
    : { ...typed(piece.literal, "integer"), literal: piece.literal };
}

/** A value where PostgreSQL wants a boolean: in SQLite any number but 0 is true. */
export function condition(value: TypedSql): TypedSql {
  if (value.family === "boolean") return value;
  if (isNumber(value)) return typed(`${operand(value, OTHER)} <> 0`, "boolean", COMPARE, [value]);
  throw new Untranslatable("it takes something that is no number for true or false");
}

/** The one family of alternatives. */
export function commonFamily(pieces: readonly TypedSql[]): TypedSql["family"] {
  const families = new Set(pieces.map(({ family }) => family).filter((family) => family !== "null"));
  const [only] = families;
  if (only === undefined || families.size > 1) throw new Untranslatable("its alternatives are of different types");
  return only;
}
