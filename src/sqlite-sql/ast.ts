/** SQLite's statements as trees. Every node knows where it stands in the text: `start` and `end` are offsets into it. */
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

export interface Limit {
  readonly count: Expression;
  readonly offset: Expression | null;
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

export interface NamedWindow {
  readonly name: Name;
  readonly window: Window;
}

/** Names that a list of columns gives. COLLATE and a direction are relics that SQLite reads in old schemas only. */
export interface NamedColumn extends Span {
  readonly name: Name;
}

export interface With {
  readonly recursive: boolean;
  readonly tables: readonly CommonTable[];
}

export interface CommonTable extends Span {
  readonly name: Name;
  readonly columns: readonly NamedColumn[] | null;
  readonly materialized: boolean | null;
  readonly select: Select;
}

export interface Select extends Span {
  readonly kind: "select";
  readonly with: With | null;
  readonly body: SelectBody;
  readonly orderBy: readonly OrderTerm[];
  readonly limit: Limit | null;
}

export type SelectBody = SelectCore | Values | Compound;

export interface SelectCore extends Span {
  readonly kind: "core";
  readonly distinct: Quantifier | null;
  readonly columns: readonly ResultColumn[];
  readonly from: From | null;
  readonly where: Expression | null;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | null;
  readonly windows: readonly NamedWindow[];
}

export interface Values extends Span {
  readonly kind: "values";
  readonly rows: readonly (readonly Expression[])[];
}

export interface Compound extends Span {
  readonly kind: "compound";
  readonly operator: "UNION" | "UNION ALL" | "EXCEPT" | "INTERSECT";
  readonly left: SelectBody;
  readonly right: SelectCore | Values;
}

export type ResultColumn =
  | (Span & { readonly kind: "result"; readonly expression: Expression; readonly alias: Name | null })
  | (Span & { readonly kind: "all" })
  | (Span & { readonly kind: "allOf"; readonly table: Name });

export type From =
  | (Span & {
      readonly kind: "table";
      readonly table: QualifiedName;
      readonly alias: Name | null;
      readonly indexed: Indexed | null;
    })
  | (Span & {
      readonly kind: "function";
      readonly table: QualifiedName;
      readonly args: readonly Expression[];
      readonly alias: Name | null;
    })
  | (Span & { readonly kind: "derived"; readonly select: Select; readonly alias: Name | null })
  /** A FROM clause in parentheses. */
  | (Span & { readonly kind: "group"; readonly from: From; readonly alias: Name | null })
  | (Span & Join);

export interface Join {
  readonly kind: "join";
  readonly left: From;
  readonly right: From;
  /** `,` and JOIN without another word are inner joins: "comma" and "inner". */
  readonly type: "comma" | "inner" | "cross" | "left" | "right" | "full";
  readonly natural: boolean;
  readonly on: Expression | null;
  readonly using: readonly Name[] | null;
}

/** INDEXED BY name, or NOT INDEXED. */
export type Indexed = { readonly by: Name } | "NOT INDEXED";

export type ConflictAction = "ROLLBACK" | "ABORT" | "FAIL" | "IGNORE" | "REPLACE";

export interface Target extends Span {
  readonly table: QualifiedName;
  readonly alias: Name | null;
}

export interface Assignment {
  /** More than one in `(a, b) = (1, 2)`, and in parentheses even if it is one. */
  readonly columns: readonly Name[];
  readonly isRow: boolean;
  readonly value: Expression;
}

export interface Upsert {
  /** Null: any conflict. */
  readonly target: readonly OrderTerm[] | null;
  readonly targetWhere: Expression | null;
  /** Null: DO NOTHING. */
  readonly set: readonly Assignment[] | null;
  readonly where: Expression | null;
}

export interface Insert extends Span {
  readonly kind: "insert";
  readonly with: With | null;
  readonly verb: "INSERT" | "REPLACE";
  readonly or: ConflictAction | null;
  readonly target: Target;
  readonly columns: readonly Name[] | null;
  /** Null: DEFAULT VALUES. */
  readonly source: Select | null;
  readonly upserts: readonly Upsert[];
  readonly returning: readonly ResultColumn[] | null;
}

export interface Update extends Span {
  readonly kind: "update";
  readonly with: With | null;
  readonly or: ConflictAction | null;
  readonly target: Target;
  readonly indexed: Indexed | null;
  readonly set: readonly Assignment[];
  readonly from: From | null;
  readonly where: Expression | null;
  readonly returning: readonly ResultColumn[] | null;
  /** Known to some builds of SQLite only, as LIMIT is. */
  readonly orderBy: readonly OrderTerm[];
  readonly limit: Limit | null;
}

export interface Delete extends Span {
  readonly kind: "delete";
  readonly with: With | null;
  readonly target: Target;
  readonly indexed: Indexed | null;
  readonly where: Expression | null;
  readonly returning: readonly ResultColumn[] | null;
  readonly orderBy: readonly OrderTerm[];
  readonly limit: Limit | null;
}

export interface ColumnDefinition extends Span {
  readonly name: Name;
  readonly type: TypeName | null;
  readonly constraints: readonly ColumnConstraint[];
}

export interface References {
  readonly table: Name;
  readonly columns: readonly NamedColumn[] | null;
  readonly args: readonly ReferenceArg[];
}

export type ReferenceArg =
  | { readonly kind: "match"; readonly name: Name }
  | {
      readonly kind: "on";
      readonly event: "INSERT" | "DELETE" | "UPDATE";
      readonly action: "SET NULL" | "SET DEFAULT" | "CASCADE" | "RESTRICT" | "NO ACTION";
    };

export interface Deferral {
  readonly kind: "deferral";
  readonly not: boolean;
  readonly initially: "DEFERRED" | "IMMEDIATE" | null;
}

export type ColumnConstraint = Span &
  (
    | { readonly kind: "constraint"; readonly name: Name }
    /** An expression in parentheses, or a constant with or without its sign, or a bare word, which is a string. */
    | { readonly kind: "default"; readonly value: Expression; readonly form: "expression" | "constant" | "word" }
    | { readonly kind: "null"; readonly conflict: ConflictAction | null }
    | { readonly kind: "notNull"; readonly conflict: ConflictAction | null }
    | {
        readonly kind: "primaryKey";
        readonly direction: "ASC" | "DESC" | null;
        readonly conflict: ConflictAction | null;
        readonly autoincrement: boolean;
      }
    | { readonly kind: "unique"; readonly conflict: ConflictAction | null }
    | { readonly kind: "check"; readonly expression: Expression }
    | ({ readonly kind: "references" } & References)
    | Deferral
    | { readonly kind: "collate"; readonly collation: Name }
    | { readonly kind: "generated"; readonly expression: Expression; readonly storage: Name | null }
  );

export type TableConstraint = Span &
  (
    | { readonly kind: "constraint"; readonly name: Name }
    | {
        readonly kind: "primaryKey";
        readonly terms: readonly OrderTerm[];
        readonly autoincrement: boolean;
        readonly conflict: ConflictAction | null;
      }
    | { readonly kind: "unique"; readonly terms: readonly OrderTerm[]; readonly conflict: ConflictAction | null }
    | { readonly kind: "check"; readonly expression: Expression; readonly conflict: ConflictAction | null }
    | {
        readonly kind: "foreignKey";
        readonly columns: readonly NamedColumn[];
        readonly references: References;
        readonly deferral: Deferral | null;
      }
  );

/** RANDOM ROWID is libSQL's. */
export type TableOption = "WITHOUT ROWID" | "STRICT" | "RANDOM ROWID";

export interface CreateTable extends Span {
  readonly kind: "createTable";
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly table: QualifiedName;
  readonly content:
    | {
        readonly kind: "columns";
        readonly columns: readonly ColumnDefinition[];
        readonly constraints: readonly TableConstraint[];
        readonly options: readonly TableOption[];
      }
    | { readonly kind: "as"; readonly select: Select };
}

export interface CreateIndex extends Span {
  readonly kind: "createIndex";
  readonly unique: boolean;
  readonly ifNotExists: boolean;
  readonly index: QualifiedName;
  readonly table: Name;
  readonly terms: readonly OrderTerm[];
  readonly where: Expression | null;
}

export interface CreateView extends Span {
  readonly kind: "createView";
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly view: QualifiedName;
  readonly columns: readonly NamedColumn[] | null;
  readonly select: Select;
}

export interface CreateTrigger extends Span {
  readonly kind: "createTrigger";
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly trigger: QualifiedName;
  readonly time: "BEFORE" | "AFTER" | "INSTEAD OF" | null;
  readonly event: "INSERT" | "UPDATE" | "DELETE";
  /** UPDATE OF these. */
  readonly columns: readonly Name[] | null;
  readonly table: QualifiedName;
  readonly forEachRow: boolean;
  readonly when: Expression | null;
  readonly steps: readonly (Select | Insert | Update | Delete)[];
}

export interface CreateVirtualTable extends Span {
  readonly kind: "createVirtualTable";
  readonly ifNotExists: boolean;
  readonly table: QualifiedName;
  readonly module: Name;
  /** The text of each argument; null without parentheses. */
  readonly args: readonly string[] | null;
}

export interface AlterTable extends Span {
  readonly kind: "alterTable";
  readonly table: QualifiedName;
  readonly change:
    | { readonly kind: "renameTable"; readonly to: Name }
    | { readonly kind: "renameColumn"; readonly column: Name; readonly to: Name }
    | { readonly kind: "addColumn"; readonly column: ColumnDefinition }
    | { readonly kind: "dropColumn"; readonly column: Name }
    /** libSQL's ALTER COLUMN … TO. */
    | { readonly kind: "alterColumn"; readonly column: Name; readonly to: ColumnDefinition };
}

export type Statement =
  | Select
  | Insert
  | Update
  | Delete
  | CreateTable
  | CreateIndex
  | CreateView
  | CreateTrigger
  | CreateVirtualTable
  | AlterTable
  | (Span & {
      readonly kind: "drop";
      readonly what: "TABLE" | "VIEW" | "INDEX" | "TRIGGER";
      readonly ifExists: boolean;
      readonly name: QualifiedName;
    })
  | (Span & { readonly kind: "begin"; readonly mode: "DEFERRED" | "IMMEDIATE" | "EXCLUSIVE" | "READONLY" | null })
  | (Span & { readonly kind: "commit" })
  /** To a savepoint, if it names one. */
  | (Span & { readonly kind: "rollback"; readonly savepoint: Name | null })
  | (Span & { readonly kind: "savepoint"; readonly name: Name })
  | (Span & { readonly kind: "release"; readonly name: Name })
  | (Span & {
      readonly kind: "attach";
      readonly file: Expression;
      readonly schema: Expression;
      readonly key: Expression | null;
    })
  | (Span & { readonly kind: "detach"; readonly schema: Expression })
  | (Span & { readonly kind: "vacuum"; readonly schema: Name | null; readonly into: Expression | null })
  | (Span & { readonly kind: "analyze" | "reindex"; readonly name: QualifiedName | null })
  | (Span & {
      readonly kind: "pragma";
      readonly name: QualifiedName;
      /** The text of its value. */
      readonly value: string | null;
      readonly form: "=" | "()" | null;
    })
  /** libSQL's functions in WebAssembly. */
  | (Span & {
      readonly kind: "createFunction";
      readonly ifNotExists: boolean;
      readonly name: Name;
      readonly language: Name;
      readonly body: Name;
    })
  | (Span & { readonly kind: "dropFunction"; readonly ifExists: boolean; readonly name: Name })
  | (Span & { readonly kind: "explain"; readonly queryPlan: boolean; readonly statement: Statement });
