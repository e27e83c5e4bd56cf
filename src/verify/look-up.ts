import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import { sql } from "../sql.ts";
import { canInline } from "../target/inline-parameters.ts";
import { preferIndexes } from "../target/planner.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import type { TargetRow } from "./compare.ts";

const ORDER = pgName("_changeover_order");

const lookUps = new WeakMap<TargetSession, LookUp>();

/** The look-up of a session. It reads the catalogue of a table once. */
export function lookUpOf(session: TargetSession): LookUp {
  const lookUp = lookUps.get(session) ?? new LookUp(session);
  lookUps.set(session, lookUp);
  return lookUp;
}

/** Keys as a relation of PostgreSQL: columns named as the target's key, and one for their order. */
export interface KeyRelation {
  readonly table: string;
  readonly order: string;
  readonly parameters: readonly string[];
}

type FoundRow = Record<string, string | boolean | null>;

interface KeyColumnType {
  /** Of the table among those asked for, from 1. */
  readonly place: number;
  readonly name: string;
  readonly type: string;
  /** It holds no NULL. */
  readonly solid: boolean;
}

/** Tables of one question about their columns. */
const TABLES_AT_ONCE = 500;
const BACKSLASH = 0x5c;
const NONE: ReadonlySet<string> = new Set();

/** Looks rows up in the target by their keys, which come as COPY text; answers in the same order. */
export class LookUp {
  readonly #session: TargetSession;
  /** Types of the key's columns, by table. */
  readonly #types = new Map<number, readonly string[]>();
  readonly #neverNull = new Map<number, ReadonlySet<string>>();
  #hasBegun = false;

  constructor(session: TargetSession) {
    this.#session = session;
  }

  /** Outside of a transaction, whose end could take settings of the session back. */
  async begin(): Promise<void> {
    if (this.#hasBegun) return;
    await preferIndexes(this.#session);
    this.#hasBegun = true;
  }

  async prepare(mappings: readonly TableMapping[]): Promise<void> {
    await this.begin();
    const missing = mappings.filter(({ id }) => !this.#types.has(id));
    for (let from = 0; from < missing.length; from += TABLES_AT_ONCE)
      await this.#learn(missing.slice(from, from + TABLES_AT_ONCE));
  }

  async #learn(mappings: readonly TableMapping[]): Promise<void> {
    const columns = await this.#session.rows<KeyColumnType>(sql("target/column-types"), [
      mappings.map(({ target }) => pgTable(target)),
    ]);
    const byPlace = new Map<number, KeyColumnType[]>();
    for (const column of columns) byPlace.set(column.place, [...(byPlace.get(column.place) ?? []), column]);
    for (const [index, mapping] of mappings.entries()) {
      const own = byPlace.get(index + 1) ?? [];
      this.#neverNull.set(mapping.id, new Set(own.filter(({ solid }) => solid).map(({ name: column }) => column)));
      this.#types.set(
        mapping.id,
        keyColumns(mapping).map(({ target }) => own.find(({ name: column }) => column === target)?.type ?? "text"),
      );
    }
  }

  /** Whether such keys need no table of their own. Statements that need none may be sent one behind the other. */
  takesText(lines: Uint8Array): boolean {
    return lines.length > 1 && unescaped(lines) !== null;
  }

  /** The target's columns that hold no NULL. */
  neverNull(mapping: TableMapping): ReadonlySet<string> {
    return this.#neverNull.get(mapping.id) ?? NONE;
  }

  /** Takes the keys to look up, as COPY text. */
  async take(tx: TargetTransaction, mapping: TableMapping, lines: Uint8Array): Promise<KeyRelation> {
    // The one key that is the empty text would be no line at all to string_to_table().
    const text = lines.length <= 1 ? null : unescaped(lines);
    if (text === null) {
      await this.#fill(tx, mapping, lines);
      return { table: `pg_temp.${name(mapping)}`, order: ORDER, parameters: [] };
    }
    // As a parameter keys take a third of the time that they take through a table.
    const keys = keyColumns(mapping);
    const types = this.#types.get(mapping.id) ?? [];
    const columns = keys.map(
      ({ target }, index) =>
        `${keys.length === 1 ? "line" : `split_part(line, E'\\t', ${index + 1})`}::${types[index]} as ` +
        `${pgName(target)}`,
    );
    return {
      table:
        `(select ${columns.join(", ")}, place as ${ORDER} from string_to_table($1::text, E'\\n') ` +
        "with ordinality as s(line, place))",
      order: ORDER,
      parameters: [text],
    };
  }

  /**
   * Replaces the keys of the page before. The table takes ten times as long to make as a page to compare. It is needed
   * only for keys with line ends, tabs or NULL in them.
   */
  async #fill(tx: TargetTransaction, mapping: TableMapping, lines: Uint8Array): Promise<void> {
    const keys = keyColumns(mapping)
      .map(({ target }) => pgName(target))
      .join(", ");
    // Numbered as they come: a row's place in the table says nothing of that, since COPY fills pages as it finds them.
    await tx.run(
      `drop table if exists pg_temp.${name(mapping)}; create temporary table ${name(mapping)} on commit drop ` +
        `as select ${keys} from ${pgTable(mapping.target)} ` +
        `with no data; alter table pg_temp.${name(mapping)} add column ${ORDER} bigint generated always as ` +
        "identity",
    );
    const copy = await tx.copyIn(`copy pg_temp.${name(mapping)} (${keys}) from stdin`);
    await copy.write(lines);
    await copy.finish();
  }

  /** `pending`: whether a log of the target names the key, if one is given. Such a row may differ for good reason. */
  async rows(
    tx: TargetTransaction,
    mapping: TableMapping,
    lines: Uint8Array,
    log: string | null = null,
  ): Promise<{ readonly targetRows: TargetRow[]; readonly pending: boolean[] }> {
    const keys = keyColumns(mapping).map(({ target }) => pgName(target));
    const { parameters, table } = await this.take(tx, mapping, lines);
    const values = mapping.columns.map(({ target }, index) => `t.${pgName(target)}::text as c${index}`);
    const logged = log === null ? "false" : isLogged(mapping, log, "l");
    const statement = {
      text:
        `select t.${keys[0]} is not null as found, ${logged} as ` +
        `pending${values.map((value) => `, ${value}`).join("")} from ${table} as l left ` +
        `join ${pgTable(mapping.target)} as t on ${keys.map((key) => `t.${key} = l.${key}`).join(" and ")} ` +
        `order by l.${ORDER}`,
      parameters,
    };
    // A statement with parameters is prepared first, which takes a round trip of its own.
    const rows = canInline(parameters)
      ? ((await tx.batch<FoundRow>([statement]))[0] ?? [])
      : await tx.rows<FoundRow>(statement.text, parameters);
    return {
      targetRows: rows.map((row) =>
        row["found"] === true
          ? mapping.columns.map((_, index) => (row[`c${index}`] as string | null | undefined) ?? null)
          : null,
      ),
      pending: rows.map((row) => row["pending"] === true),
    };
  }

  /** SHA-256 of columns of the row under a key, in hexadecimal; texts as UTF-8. Null where there is no value. */
  async digests(
    tx: TargetTransaction,
    mapping: TableMapping,
    line: Uint8Array,
    columns: readonly KeyColumn[],
  ): Promise<(string | null)[]> {
    const keys = keyColumns(mapping).map(({ target }) => pgName(target));
    const digests = columns.map(({ conversion, target }, index) => {
      const value = `t.${pgName(target)}`;
      return (
        `encode(sha256(${conversion.kind === "bytes" ? value : `convert_to(${value}::text, 'UTF8')`}), ` +
        `'hex') as c${index}`
      );
    });
    const { parameters, table } = await this.take(tx, mapping, line);
    const [row] = await tx.rows<Record<string, string | null>>(
      `select ${digests.join(", ")} from ${table} as l ` +
        `join ${pgTable(mapping.target)} as t on ${keys.map((key) => `t.${key} = l.${key}`).join(" and ")}`,
      parameters,
    );
    return columns.map((_, index) => row?.[`c${index}`] ?? null);
  }
}

/**
 * Keys without their last line's end, and backslashes as they are, which every key of bytes has; null where something
 * else is escaped.
 */
function unescaped(lines: Uint8Array): string | null {
  const text = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength - 1).toString();
  let at = lines.indexOf(BACKSLASH);
  if (at < 0) return text;
  for (; at >= 0; at = lines.indexOf(BACKSLASH, at + 2)) if (lines[at + 1] !== BACKSLASH) return null;
  return text.replaceAll("\\\\", "\\");
}

/** PostgreSQL: the key of `row` is in a log of the target, or all of the table's are. Read once, not for each row. */
export function isLogged(mapping: TableMapping, log: string, row: string): string {
  const keys = keyColumns(mapping);
  const tuple = (parts: readonly string[]) => (parts.length === 1 ? (parts[0] ?? "") : `(${parts.join(", ")})`);
  return (
    `(exists (select from ${log} where whole) or ` +
    `coalesce(${tuple(keys.map(({ target }) => `${row}.${pgName(target)}`))} in (select ` +
    `${keys.map((_, position) => `k${position + 1}`).join(", ")} from ${log} where not whole), false))`
  );
}

function name(mapping: TableMapping): string {
  return pgName(`_changeover_verify_${mapping.id}`);
}
