import { nextRange, pageKey } from "../inspect/page-range.ts";
import type { CatalogueColumn, CatalogueTable } from "../model/catalogue.ts";
import type { Conversion } from "../model/mapping.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { pgName, pgTable, sqliteName } from "../quote.ts";
import type { BoundKey } from "../rows/bind-key.ts";
import { isSameNormalForm } from "../rows/normal-form.ts";
import { sourceRelation } from "../rows/render-relation.ts";
import { codecOf } from "../rows/types/codecs.ts";
import type { Source, SourceRow } from "../source/source.ts";
import type { TargetSession } from "../target/target.ts";
import { isConnectionLoss } from "../target/target-error.ts";

/** A column whose values only PostgreSQL can judge, or that a CHECK asks for. */
export interface TriedColumn {
  readonly source: string;
  readonly target: CatalogueColumn;
  readonly conversion: Conversion;
  /** Whether its values are judged, not only sent for a CHECK. */
  readonly isJudged: boolean;
}

export interface TriedCheck {
  readonly name: string;
  readonly expression: string;
}

export interface Trial {
  readonly table: SourceTable;
  readonly target: CatalogueTable;
  readonly columns: readonly TriedColumn[];
  readonly checks: readonly TriedCheck[];
  /** As server_version_num. */
  readonly version: number;
}

/** How many values failed, and some of them as COPY would send them. */
export interface Failed {
  count: number;
  readonly sent: Set<string>;
}

export interface TrialResult {
  /** By the source's column: what PostgreSQL refuses, and what it would change. */
  readonly refused: Map<string, Failed>;
  readonly changed: Map<string, Failed>;
  /** Rows by the name of the CHECK. */
  readonly broken: Map<string, number>;
}

const ROWS_AT_ONCE = 2_000;
/** Values that are remembered, to find their rows again. */
const REMEMBERED = 20;
/** Servers that cannot be asked without an error in their log are asked about so many bad rows. */
const MAX_ERRORS = 50;
const ASKS_WITHOUT_ERROR = 160_000;

/**
 * Asks PostgreSQL, in read-only transactions, whether rows pass the table's CHECKs, and whether it takes the source's
 * values for types that it alone knows: enums, domains, intervals, arrays. The function json_populate_recordset() reads
 * each value as COPY does, with its length and its domain.
 */
export async function tryRows(source: Source, session: TargetSession, trial: Trial): Promise<TrialResult> {
  const result: TrialResult = { refused: new Map(), changed: new Map(), broken: new Map() };
  const judge = new Judge(session, trial, result);
  const key = pageKey(trial.table);
  const sql = rowsSql(trial);
  for (let after: BoundKey | null = null; ; ) {
    const page: { readonly rows: SourceRow[]; readonly last: BoundKey | null } = await source.read(async (tx) => {
      const range = await nextRange(tx, trial.table.name, key, after, ROWS_AT_ONCE);
      return { rows: await tx.rows(sql(range.where), range.args), last: range.last };
    });
    await judge.page(page.rows.map((row) => rowOf(row, trial.columns.length)));
    if (page.last === null || judge.hasEnough) return result;
    after = page.last;
  }
}

/** SQLite condition on the rows `t` whose value of a column is one of those that failed. */
export function whereSent({ conversion, source }: TriedColumn, sent: ReadonlySet<string>): string {
  const literals = [...sent].map((text) => `'${text.replaceAll("'", "''")}'`);
  return (
    `typeof(t.${sqliteName(source)}) <> 'null' AND ${codecOf(conversion).encoder.copyText(cellOf(source))} IN ` +
    `(${literals.join(", ")})`
  );
}

function cellOf(column: string): string {
  return `(t.${sqliteName(column)} COLLATE BINARY)`;
}

/** Where only values are judged, equal ones are asked about once. */
function rowsSql({ checks, columns, table }: Trial): (where: string) => string {
  const values = columns.map(({ conversion, source }) => {
    const c = cellOf(source);
    const { encoder } = codecOf(conversion);
    // No text comes back as one: the driver dies of one that is not UTF-8.
    return (
      `CASE WHEN typeof(${c})='null' OR (${encoder.rejected(c)}) THEN NULL ` +
      `ELSE CAST(${encoder.copyText(c)} AS BLOB) END`
    );
  });
  const count = checks.length === 0 ? "count(*)" : "1";
  const group = checks.length === 0 ? ` GROUP BY ${values.map((_, index) => index + 1).join(", ")}` : "";
  return (where) => `SELECT ${values.join(", ")}, ${count} FROM ${sourceRelation(table)} AS t${where}${group}`;
}

interface TriedRow {
  /** COPY texts; null for NULL, and for what is not sent. */
  readonly values: (string | null)[];
  readonly count: number;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function rowOf(row: SourceRow, columns: number): TriedRow {
  const values = Array.from({ length: columns }, (_, index) => {
    const value = row[index];
    if (value === null || value === undefined || typeof value !== "object") return null;
    try {
      const text = utf8.decode(value);
      return text.includes("\0") ? null : text;
    } catch {
      return null;
    }
  });
  return { values, count: Number(row[columns] ?? 1) };
}

class Judge {
  readonly #session: TargetSession;
  readonly #trial: Trial;
  readonly #result: TrialResult;
  readonly #asked: string;
  #errors = 0;

  constructor(session: TargetSession, trial: Trial, result: TrialResult) {
    this.#session = session;
    this.#trial = trial;
    this.#result = result;
    const judged = trial.columns.map(({ isJudged, target }, index) =>
      isJudged ? `r.${pgName(target.name)}::text as c${index}` : `null as c${index}`,
    );
    const checks = trial.checks.map(({ expression }, index) => `(${expression}) is false as k${index}`);
    this.#asked =
      `select ${[...judged, ...checks].join(", ")} from (select p.* ` +
      `from json_populate_recordset(null::${pgTable(trial.target)}, $1::text::json) p) r`;
  }

  get hasEnough(): boolean {
    return this.#errors >= MAX_ERRORS;
  }

  async page(rows: readonly TriedRow[]): Promise<void> {
    if (this.#trial.version >= ASKS_WITHOUT_ERROR) await this.#takeOutInvalid(rows);
    await this.#ask(rows);
  }

  /** From PostgreSQL 16 on values can be asked about without an error. */
  async #takeOutInvalid(rows: readonly TriedRow[]): Promise<void> {
    for (const [index, column] of this.#trial.columns.entries()) {
      if (!column.isJudged) continue;
      const texts = rows.map(({ values }) => plain(values[index] ?? null));
      const invalid = await this.#session.rows<{ n: string }>(
        "select v.n::text as n from unnest($1::text[]) with ordinality v(t, n) where v.t is not null " +
          "and not pg_input_is_valid(v.t, $2)",
        [texts, column.target.type],
      );
      for (const { n } of invalid) this.#refuse(rows[Number(n) - 1], index);
    }
  }

  /** Halves what PostgreSQL refuses until each bad row stands alone. */
  async #ask(rows: readonly TriedRow[]): Promise<void> {
    if (rows.length === 0 || this.hasEnough) return;
    const { columns } = this.#trial;
    const json =
      "[" +
      rows
        .map(({ values }) => `{${columns.map((column, index) => field(column, values[index] ?? null)).join(",")}}`)
        .join(",") +
      "]";
    let answers: readonly Record<string, unknown>[];
    try {
      answers = await this.#session.transaction((tx) => tx.rows<Record<string, unknown>>(this.#asked, [json]), {
        readOnly: true,
      });
    } catch (error) {
      if (isConnectionLoss(error)) throw error;
      const [only, second] = rows;
      if (only !== undefined && second === undefined) return this.#findColumn(only);
      const half = rows.length >> 1;
      await this.#ask(rows.slice(0, half));
      return this.#ask(rows.slice(half));
    }
    for (const [index, row] of rows.entries()) this.#compare(row, answers[index] ?? {});
  }

  /** Which value of a row PostgreSQL refuses. */
  async #findColumn(row: TriedRow): Promise<void> {
    this.#errors++;
    for (const [index, column] of this.#trial.columns.entries()) {
      const value = row.values[index] ?? null;
      if (value === null || !column.isJudged) continue;
      const isTaken = await this.#session
        .transaction((tx) => tx.rows(this.#asked, [`[{${field(column, value)}}]`]), { readOnly: true })
        .then(
          () => true,
          () => false,
        );
      if (!isTaken) this.#refuse(row, index);
    }
  }

  #compare(row: TriedRow, answer: Record<string, unknown>): void {
    const { checks, columns } = this.#trial;
    for (const [index, column] of columns.entries()) {
      const got = answer[`c${index}`];
      const sent = plain(row.values[index] ?? null);
      if (!column.isJudged || sent === null || typeof got !== "string") continue;
      const { baseType } = column.target;
      if (!isSameNormalForm(nameOf(column), sent, got) && !(baseType === "json" || baseType === "jsonb"))
        remember(this.#result.changed, column.source, row.values[index] ?? "", row.count);
    }
    for (const [index, { name }] of checks.entries())
      if (answer[`k${index}`] === true) this.#result.broken.set(name, (this.#result.broken.get(name) ?? 0) + 1);
  }

  #refuse(row: TriedRow | undefined, index: number): void {
    const column = this.#trial.columns[index];
    const value = row?.values[index];
    if (row === undefined || column === undefined || value == null) return;
    remember(this.#result.refused, column.source, value, row.count);
    row.values[index] = null;
  }
}

/** The type by which two texts are one value: of a domain that of its base. */
function nameOf({ conversion, target }: TriedColumn): string {
  if (["other", "array", "interval"].includes(conversion.kind)) return target.type;
  return (
    { int2: "smallint", int4: "integer", int8: "bigint", bpchar: "character", bool: "boolean", varchar: "text" }[
      target.baseType
    ] ?? target.baseType
  );
}

function remember(failed: Map<string, Failed>, column: string, sent: string, count: number): void {
  const found = failed.get(column) ?? { count: 0, sent: new Set<string>() };
  failed.set(column, found);
  found.count += count;
  if (found.sent.size < REMEMBERED) found.sent.add(sent);
}

/** A member of a JSON object: texts are read by the type's own input, JSON stays JSON. */
function field({ conversion, target }: TriedColumn, value: string | null): string {
  const text = plain(value);
  const name = JSON.stringify(target.name);
  if (text === null) return `${name}:null`;
  if (conversion.kind !== "json") return `${name}:${JSON.stringify(text)}`;
  try {
    JSON.parse(text);
    return `${name}:${text}`;
  } catch {
    return `${name}:null`;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r" };

/** What a COPY text says. */
function plain(value: string | null): string | null {
  return value === null ? null : value.replaceAll(/\\(.)/gs, (_, character: string) => ESCAPES[character] ?? character);
}
