import type { Select } from "./ast-query.ts";

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How a name was quoted. SQLite takes "x" for a string where no column has that name, and 'x' for a name. */
export type Quote = '"' | "`" | "[" | "'";

export interface Name extends Span {
  /** Without its quotes. */
  readonly text: string;
  readonly quote: Quote | null;
}

export interface QualifiedName extends Span {
  readonly schema: Name | null;
  readonly name: Name;
}

export type Expression =
  /** `text` is as written: 12, 0x1F, 1_000, .5e3. */
  | (Span & { readonly kind: "number"; readonly text: string })
  | (Span & { readonly kind: "string"; readonly value: string })
  | (Span & { readonly kind: "blob"; readonly hex: string })
  | (Span & { readonly kind: "null" })
  | (Span & { readonly kind: "now"; readonly word: "CURRENT_DATE" | "CURRENT_TIME" | "CURRENT_TIMESTAMP" })
  /** `?`, `?1`, `:a`, `@a`, `$a` as written. */
  | (Span & { readonly kind: "parameter"; readonly text: string })
  /** TRUE and FALSE, too: they are truth values where no column has that name. */
  | (Span & {
      readonly kind: "column";
      readonly schema: Name | null;
      readonly table: Name | null;
      readonly name: Name;
    })
  | (Span & { readonly kind: "unary"; readonly operator: UnaryOperator; readonly operand: Expression })
  | (Span & {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Span & {
      readonly kind: "like";
      readonly operator: "LIKE" | "GLOB" | "REGEXP" | "MATCH";
      readonly not: boolean;
      readonly value: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | null;
    })
  /** ISNULL, NOTNULL and NOT NULL. `x IS NULL` is a binary IS. */
  | (Span & { readonly kind: "isNull"; readonly not: boolean; readonly value: Expression })
  | (Span & {
      readonly kind: "between";
      readonly not: boolean;
      readonly value: Expression;
      readonly low: Expression;
      readonly high: Expression;
    })
  | (Span & {
      readonly kind: "in";
      readonly not: boolean;
      readonly value: Expression;
      readonly set: InSet;
    })
  | (Span & { readonly kind: "collate"; readonly value: Expression; readonly collation: Name })
  | (Span & { readonly kind: "cast"; readonly value: Expression; readonly type: TypeName | null })
  | (Span & {
      readonly kind: "case";
      readonly subject: Expression | null;
      readonly branches: readonly CaseBranch[];
      readonly otherwise: Expression | null;
    })
  | (Span & FunctionCall)
  | (Span & { readonly kind: "row"; readonly items: readonly Expression[] })
  | (Span & { readonly kind: "subquery"; readonly select: Select })
  | (Span & { readonly kind: "exists"; readonly select: Select })
  | (Span & {
      readonly kind: "raise";
      readonly action: "IGNORE" | "ROLLBACK" | "ABORT" | "FAIL";
      readonly message: Expression | null;
    });

export type UnaryOperator = "NOT" | "-" | "+" | "~";

/** `==` is "=", `!=` is "<>". */
export type BinaryOperator =
  | "OR"
  | "AND"
  | "="
  | "<>"
  | "<"
  | "<="
  | ">"
  | ">="
  | "IS"
  | "IS NOT"
  | "IS DISTINCT FROM"
  | "IS NOT DISTINCT FROM"
  | "&"
  | "|"
  | "<<"
  | ">>"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "||"
  | "->"
  | "->>";

export type InSet =
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "select"; readonly select: Select }
  | { readonly kind: "table"; readonly table: QualifiedName; readonly args: readonly Expression[] | null };

export interface CaseBranch {
  readonly when: Expression;
  readonly then: Expression;
}

export interface FunctionCall {
  readonly kind: "call";
  readonly name: Name;
  readonly distinct: Quantifier | null;
  /** "*" of `count(*)`. */
  readonly args: readonly Expression[] | "*";
  readonly orderBy: readonly OrderTerm[];
  /** WITHIN GROUP (ORDER BY …). */
  readonly within: Expression | null;
  readonly filter: Expression | null;
  /** The name of a window, or a window of its own. */
  readonly over: Name | Window | null;
}

export type Quantifier = "DISTINCT" | "ALL";

export interface TypeName extends Span {
  /** Its words as written: `VARCHAR`, `unsigned  big int`. */
  readonly words: string;
  /** Up to two numbers in parentheses, as written. */
  readonly sizes: readonly string[];
}

export interface OrderTerm extends Span {
  readonly expression: Expression;
  readonly direction: "ASC" | "DESC" | null;
  readonly nulls: "FIRST" | "LAST" | null;
}

export interface Window extends Span {
  readonly kind: "window";
  /** The window that it goes on from. */
  readonly base: Name | null;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderTerm[];
  readonly frame: Frame | null;
}

export interface Frame extends Span {
  readonly unit: "RANGE" | "ROWS" | "GROUPS";
  readonly from: FrameBound;
  /** Null where BETWEEN is not written: up to the current row. */
  readonly to: FrameBound | null;
  readonly exclude: "NO OTHERS" | "CURRENT ROW" | "GROUP" | "TIES" | null;
}

export type FrameBound =
  | {
      readonly kind: "unbounded" | "offset";
      readonly side: "PRECEDING" | "FOLLOWING";
      readonly offset: Expression | null;
    }
  | { readonly kind: "current" };
