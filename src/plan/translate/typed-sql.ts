import type { Expression, NamedWindow, Select } from "../../sqlite-sql/ast.ts";
import {
  BLOB,
  type ExpressionAffinity,
  fitsDouble,
  INTEGER,
  isNumericAffinity,
  isWithin,
  NUMBERS,
  type NumberRange,
  REAL,
  type StorageClasses,
  TEXT,
} from "./storage-classes.ts";

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

/** What decides how SQLite compares a value, and whether PostgreSQL does the same. */
export interface ValueTraits {
  readonly family: Family;
  /** What SQLite may have in its place, next to NULL. */
  readonly classes: StorageClasses;
  readonly affinity: ExpressionAffinity;
  /** The collation by which SQLite compares it, if it is a text; null where the other side decides. */
  readonly collation: string | null;
  /** Whether PostgreSQL, too, compares it byte by byte without being told: a column with the collation "C". */
  readonly byBytes?: boolean;
  /** Of numbers; null where that is not known. */
  readonly range: NumberRange;
  /** 32 bits in PostgreSQL. */
  readonly isNarrow?: boolean;
  /** Texts that differ in SQLite may be one value in PostgreSQL, or come in another order. */
  readonly isRespelled?: boolean;
  /** JSON that went through a query or a choice: SQLite may take it for JSON or for a text. */
  readonly isUnclearJson?: boolean;
  /** PostgreSQL's type, where the family does not tell it: uuid, jsonb. */
  readonly typeName?: string;
}

/** A piece of PostgreSQL's SQL. */
export interface TypedSql extends ValueTraits {
  readonly sql: string;
  /** How tightly its outermost operator binds in PostgreSQL. */
  readonly binding: number;
  /** Said with COLLATE, which outweighs what a column says. */
  readonly explicit?: boolean;
  /** A COLLATE somewhere within: SQLite may compare by it, too. */
  readonly isCollatedWithin?: boolean;
  /** Of a literal: its value, numbers as written. */
  readonly literal: string | null;
  /** Columns that it uses outside of an aggregate, and whether it has one. */
  readonly bare: readonly string[];
  readonly aggregate: boolean;
  /** It uses a column of the query around its own. */
  readonly isOuter?: boolean;
  /** Of lower(x): it has no capital letters of ASCII. */
  readonly isFolded?: boolean;
  /** Of typeof(x): x, and what it says where x is not NULL. */
  readonly typeOf?: { readonly subject: TypedSql; readonly name: string };
  /** What SQLite's JSON functions take for JSON, not for a text. */
  readonly isJson?: boolean;
  /** A value out of JSON, as jsonb: each row may have another type. */
  readonly isJsonValue?: boolean;
  /** Of such a value: the part of the JSON as it is, with JSON's null, true and false. */
  readonly jsonPart?: string;
  /** A text that surely looks like no number. */
  readonly isWord?: boolean;
  /** Of a text that says the present day: the same as a date. */
  readonly today?: string;
  /** SQL of the text that it casts: it fails with an error where SQLite says 0. */
  readonly asserting?: string;
  /** Of a parameter whose type is still open: what it stands next to settles it. */
  readonly parameter?: OpenParameter;
}

/** Where a parameter stands in the text of its statement: each `?` is one of its own. */
export type ParameterNode = Extract<Expression, { kind: "parameter" }>;

/** `converted`: SQLite, too, converts what is bound there by a column's affinity. `kept`: it stays what it is. */
export type ParameterUse = "converted" | "kept";

/** A parameter of a statement. It gets the type of what it is compared with, or stored in. */
export interface OpenParameter {
  /** What was bound, where that is known. */
  readonly known?: "integer" | "real" | "text" | "blob" | "null" | undefined;
  /** Its SQL with a type of PostgreSQL; throws where it has another type already, or is bound as something else. */
  as(type: string, use: ParameterUse): string;
}

/** What names in an expression stand for. */
export interface Scope {
  /** The column of a name in any case; null if there is none. */
  column(name: string, qualifier: string | null): TypedSql | null;
  /** Windows that the query names. */
  readonly windows?: readonly NamedWindow[];
  /** A query within the expression. */
  subquery?(select: Select): Subquery;
  /** Whether count(), sum() and the like may occur. */
  readonly aggregates: boolean;
  /**
   * SQL by which the rows of an aggregate are put into the order in which SQLite meets them; null where there is none.
   */
  rowOrder?(): string | null;
  /** A CHECK, or a part of one that has to hold by itself: an error refuses the row as well as falsehood does. */
  readonly asserts?: boolean;
  /** What a parameter of the statement stands for; there are none in a schema. */
  parameter?(node: ParameterNode): TypedSql;
  /** A statement that runs once: it may ask for the present time. */
  readonly now?: boolean;
  /** Something that is asked again for each row: random() may occur. */
  readonly random?: boolean;
  /** An index that is not unique: it may order by values that stand for those of SQLite. */
  readonly loose?: boolean;
}

export interface Subquery {
  readonly sql: string;
  readonly outputs: readonly ValueTraits[];
  /** Columns of the query around it. */
  readonly outer: readonly string[];
  readonly hasAtMostOneRow: boolean;
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
    classes: OWN_CLASSES[family],
    affinity: "none",
    range: family === "boolean" ? [0, 1] : null,
    collation: null,
    literal: null,
    bare: from.flatMap(({ bare }) => bare),
    aggregate: from.some(({ aggregate }) => aggregate),
    ...(from.some(({ isOuter }) => isOuter === true) ? { isOuter: true } : {}),
    ...(from.some((piece) => piece.explicit === true || piece.isCollatedWithin === true)
      ? { isCollatedWithin: true }
      : {}),
  };
}

/** The storage classes that a family of PostgreSQL's types stands for where nothing else is known. */
export const OWN_CLASSES: Readonly<Record<Family, StorageClasses>> = {
  integer: INTEGER,
  boolean: INTEGER,
  double: REAL,
  numeric: NUMBERS,
  text: TEXT,
  bytea: BLOB,
  date: TEXT,
  timestamp: TEXT,
  timestamptz: TEXT,
  json: TEXT,
  other: TEXT,
  null: 0,
};

/** The SQL of an operand, in parentheses if its operator binds less tightly than asked. */
export function operand(piece: TypedSql, binding: number): string {
  return piece.binding < binding ? `(${piece.sql})` : piece.sql;
}

/** A text that PostgreSQL compares byte by byte, as SQLite does: the collation "C" does that. */
export function inBytes(piece: TypedSql): TypedSql {
  return piece.byBytes === true ? piece : { ...piece, sql: `${operand(piece, COLLATE)} collate "C"`, binding: COLLATE };
}

/** Whether a value is of no class that the other has not. */
export function isWithinClasses(value: ValueTraits, other: ValueTraits): boolean {
  return isWithin(value.classes, other.classes);
}

/** A number in both databases, whole numbers as integers or as reals in SQLite. */
export function isNumber({ family, classes }: ValueTraits): boolean {
  return (family === "integer" || family === "double" || family === "numeric") && isWithin(classes, NUMBERS);
}

/** An integer in both. */
export function isInteger({ family, classes }: ValueTraits): boolean {
  return family === "integer" && isWithin(classes, INTEGER);
}

/** A text in both. */
export function isText({ family, classes }: ValueTraits): boolean {
  return family === "text" && isWithin(classes, TEXT);
}

/**
 * Integers and texts in one column of NUMERIC affinity, which PostgreSQL holds as texts: no text there looks like a
 * number, so values are equal in both or in neither, and equally long.
 */
export function isMixedText({ affinity, classes, family }: ValueTraits): boolean {
  return family === "text" && isWithin(classes, INTEGER | TEXT) && isNumericAffinity(affinity) && affinity !== "real";
}

/** What SQLite's functions of texts make a text of, and PostgreSQL holds as that text. */
export function isTextual(value: ValueTraits): boolean {
  return isText(value) || isMixedText(value);
}

export function isBlob({ family, classes }: ValueTraits): boolean {
  return family === "bytea" && isWithin(classes, BLOB);
}

/** A text in SQLite that PostgreSQL holds as a date or a point in time. */
export function isDate({ family, classes }: ValueTraits): boolean {
  return (family === "date" || family === "timestamp" || family === "timestamptz") && isWithin(classes, TEXT);
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
  const { affinity, classes } = piece;
  const number: TypedSql =
    piece.literal === null
      ? typed(`${operand(piece, ATOM)}::integer`, "integer", ATOM, [piece])
      : { ...typed(piece.literal, "integer"), literal: piece.literal };
  return { ...number, affinity, classes, range: [0, 1], isNarrow: true };
}

/** A literal with a point is numeric in PostgreSQL, and would make numeric of what is a double in SQLite. */
export function settled(piece: TypedSql): TypedSql {
  return isRealLiteral(piece)
    ? { ...piece, sql: `${operand(piece, ATOM)}::double precision`, binding: ATOM, literal: null }
    : piece;
}

export function isRealLiteral({ family, literal }: TypedSql): boolean {
  return family === "double" && literal !== null;
}

/** A number as a double. What SQLite has as an integer must be one that a double holds. */
export function asDouble(piece: TypedSql): TypedSql {
  if (piece.family === "double") return settled(piece);
  if (!fitsDouble(piece.range)) throw new Untranslatable("it takes integers of more than 53 bits for reals");
  const { affinity, classes, range } = piece;
  return { ...typed(`${operand(piece, ATOM)}::double precision`, "double", ATOM, [piece]), affinity, classes, range };
}

/** A value where PostgreSQL wants a boolean: in SQLite any number but 0 is true. */
export function condition(value: TypedSql): TypedSql {
  if (value.family === "boolean" && isWithin(value.classes, INTEGER)) return value;
  if (value.family === "null") return typed("null", "boolean");
  if (isNumber(value)) return typed(`${operand(value, OTHER)} <> 0`, "boolean", COMPARE, [value]);
  throw new Untranslatable("it takes something that is no number for true or false");
}
