import {
  type ParameterNode,
  type ParameterUse,
  type TypedSql,
  typed,
  Untranslatable,
} from "../plan/translate/typed-sql.ts";
import type { Statement } from "../sqlite-sql/ast.ts";
import { walkStatement } from "./walk-statement.ts";

/** What SQLite may be given for a parameter. */
export type ParameterClass = "integer" | "real" | "text" | "blob" | "null";

/** A parameter of a translated statement. */
export interface QueryParameter {
  /** As it is written in the source's statement. */
  readonly name: string;
  /** Of `$n`. */
  readonly position: number;
  /** PostgreSQL's type. */
  readonly type: string;
}

/** The parameters of one statement, numbered as SQLite numbers them. */
export class Parameters {
  readonly #positions: ReadonlyMap<number, number>;
  readonly #names: ReadonlyMap<number, string>;
  readonly #types = new Map<number, string>();
  readonly #known: readonly (ParameterClass | undefined)[];

  constructor(statement: Statement, known: readonly (ParameterClass | undefined)[] = []) {
    const { names, positions } = numbered(statement);
    this.#positions = positions;
    this.#names = names;
    this.#known = known;
  }

  readonly of = (node: ParameterNode): TypedSql => {
    const position = this.#positions.get(node.start) ?? 0;
    const type = this.#types.get(position);
    const sql = type === undefined ? `$${position}` : `$${position}::${type}`;
    return {
      ...typed(sql, "other"),
      classes: 0,
      parameter: { known: this.#known[position - 1], as: (wanted, use) => this.#settle(position, wanted, use) },
    };
  };

  #settle(position: number, wanted: string, use: ParameterUse): string {
    const type = this.#types.get(position) ?? wanted;
    const known = this.#known[position - 1] ?? "null";
    if (known !== "null" && use === "kept" && !FITTING[known].includes(wanted))
      throw new Untranslatable(`its parameter ${this.#names.get(position) ?? ""} is bound as ${known}`);
    // PostgreSQL takes the texts 'yes' and 'true' for true, which SQLite does not.
    if (wanted === "boolean" && known === "text")
      throw new Untranslatable(`its parameter ${this.#names.get(position) ?? ""} is a text in place of a boolean`);
    if (type !== wanted) throw new Untranslatable(`its parameter ${this.#names.get(position) ?? ""} has two types`);
    this.#types.set(position, type);
    return `$${position}::${type}`;
  }

  /** Whether each has a type; those that no place gives one get it from the values that were seen. */
  settleRest(): boolean {
    const open = [...this.#names.keys()].filter((position) => !this.#types.has(position));
    for (const position of open) {
      const seen = this.#known[position - 1];
      const type = seen === undefined ? undefined : TYPES[seen];
      if (type === undefined)
        throw new Untranslatable(`the type of its parameter ${this.#names.get(position) ?? ""} is not known`);
      this.#types.set(position, type);
    }
    return open.length === 0;
  }

  list(): QueryParameter[] {
    return [...this.#names]
      .sort(([one], [other]) => one - other)
      .map(([position, name]) => ({ name, position, type: this.#types.get(position) ?? "text" }));
  }
}

const TYPES: Readonly<Partial<Record<ParameterClass, string>>> = {
  integer: "bigint",
  real: "double precision",
  text: "text",
  blob: "bytea",
};

/** The types that are what is bound, without being converted. */
const FITTING: Readonly<Record<Exclude<ParameterClass, "null">, readonly string[]>> = {
  integer: ["bigint", "numeric", "boolean"],
  real: ["double precision", "numeric"],
  text: ["text", "date", "timestamp", "timestamptz", "uuid", "json", "jsonb"],
  blob: ["bytea"],
};

/** `?` is the next after the greatest so far, `?5` the fifth, and a name has the number of its first place. */
export function numbered(statement: Statement): {
  readonly places: readonly { readonly node: ParameterNode; readonly position: number }[];
  readonly positions: ReadonlyMap<number, number>;
  readonly names: ReadonlyMap<number, string>;
} {
  const nodes: ParameterNode[] = [];
  walkStatement(statement, (node) => {
    if (node.kind === "parameter") nodes.push(node);
  });
  const positions = new Map<number, number>();
  const names = new Map<number, string>();
  const named = new Map<string, number>();
  let greatest = 0;
  for (const { start, text } of nodes.sort((one, other) => one.start - other.start)) {
    const given = /^\?(\d+)$/.exec(text)?.[1];
    const position = given !== undefined ? Number(given) : (named.get(text) ?? greatest + 1);
    if (text !== "?" && given === undefined) named.set(text, position);
    greatest = Math.max(greatest, position);
    positions.set(start, position);
    if (!names.has(position)) names.set(position, text);
  }
  return { places: nodes.map((node) => ({ node, position: positions.get(node.start) ?? 0 })), positions, names };
}
