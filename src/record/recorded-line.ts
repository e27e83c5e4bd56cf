import { numbered, type ParameterClass } from "../queries/parameters.ts";
import { walkStatement } from "../queries/walk-statement.ts";
import type { Statement } from "../sqlite-sql/ast.ts";
import { parseStatement } from "../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../sqlite-sql/syntax-error.ts";
import type { Sampled, StatementEntry } from "./statement-log.ts";

/** A line of the file, as `changeover queries` reads it. */
export interface RecordedLine {
  readonly sql: string;
  readonly count: number;
  readonly total_ms: number;
  readonly max_ms: number;
  readonly site: string | null;
  readonly types: readonly ParameterClass[];
  readonly parameters?: readonly unknown[];
}

/** Without values, literals are folded, too: they are values of someone's as well. */
export function recordedLine(entry: StatementEntry, withValues: boolean): RecordedLine {
  const { count, maxMs, site, sql, timed, totalMs } = entry;
  const facts = {
    count,
    total_ms: rounded(timed === 0 ? 0 : (totalMs / timed) * count),
    max_ms: rounded(maxMs),
    site,
  };
  const statement = parsed(sql);
  const sample = entry.sample ?? [];
  if (statement === null)
    return { sql: withValues ? sql : withoutStrings(sql), ...facts, types: sample.map(({ kind }) => kind) };
  const bound = byPosition(statement, sample);
  if (withValues || (bound.length === 0 && !hasLiterals(statement)))
    return {
      sql,
      ...facts,
      types: bound.map(({ kind }) => kind),
      parameters: bound.map(({ value }) => jsonValue(value)),
    };
  return { ...folded(sql, statement, bound), ...facts };
}

const NOTHING: Sampled = { name: null, kind: "null" };

function byPosition(statement: Statement, sample: readonly Sampled[]): Sampled[] {
  const { names } = numbered(statement);
  const positions = [...names].sort(([one], [other]) => one - other);
  const unnamed = sample.filter(({ name }) => name === null);
  return positions.map(([position, written]) => {
    const bare = written.slice(1);
    const named = sample.find(({ name }) => name === written || name === bare);
    return named ?? unnamed[position - 1] ?? NOTHING;
  });
}

const LITERALS: Readonly<Record<string, ParameterClass>> = { string: "text", blob: "blob" };

/** Each literal and each parameter as `?`, with the type of each. Places of ORDER BY and LIMIT stay. */
function folded(sql: string, statement: Statement, bound: readonly Sampled[]): Pick<RecordedLine, "sql" | "types"> {
  const { positions } = numbered(statement);
  const found: { readonly start: number; readonly end: number; readonly kind: ParameterClass }[] = [];
  walkStatement(statement, (node, path) => {
    const { end, start } = node;
    if (node.kind === "parameter")
      found.push({ start, end, kind: bound[(positions.get(start) ?? 1) - 1]?.kind ?? "null" });
    const literal = LITERALS[node.kind];
    if (literal !== undefined) found.push({ start, end, kind: literal });
    if (node.kind === "number" && !path.some((part) => STAYING.includes(part)))
      found.push({ start, end, kind: /^(\d+|0x.*)$/i.test(node.text) ? "integer" : "real" });
  });
  found.sort((one, other) => one.start - other.start);
  let text = "";
  let end = 0;
  for (const span of found) {
    text += `${sql.slice(end, span.start)}?`;
    end = span.end;
  }
  return { sql: text + sql.slice(end), types: found.map(({ kind }) => kind) };
}

const STAYING: readonly string[] = ["orderBy", "groupBy", "limit", "sizes"];

function hasLiterals(statement: Statement): boolean {
  let has = false;
  walkStatement(statement, ({ kind }) => {
    if (kind === "string" || kind === "blob" || kind === "number") has = true;
  });
  return has;
}

function parsed(sql: string): Statement | null {
  try {
    return parseStatement(sql);
  } catch (error) {
    if (error instanceof SqlSyntaxError) return null;
    throw error;
  }
}

/** Of what the parser does not take, nothing in quotes is kept. */
function withoutStrings(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'/g, "?");
}

function jsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return { integer: String(value) };
  if (ArrayBuffer.isView(value))
    return { blob: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex") };
  if (value instanceof ArrayBuffer) return { blob: Buffer.from(value).toString("hex") };
  return value ?? null;
}

function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
