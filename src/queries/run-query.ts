import { messageOf } from "../errors.ts";
import type { SourceValue } from "../model/source-value.ts";
import { pgString } from "../quote.ts";
import type { SourceReader } from "../source/source.ts";
import type { TargetTransaction } from "../target/target.ts";
import { isConnectionLoss, sqlState } from "../target/target-error.ts";
import type { TargetValue } from "./compare-rows.ts";

/** What a statement gave, or how it failed. */
export type QueryOutcome<Value> =
  | { readonly kind: "rows"; readonly rows: readonly (readonly Value[])[]; readonly durationMs: number }
  | { readonly kind: "failed"; readonly message: string; readonly sqlState: string | null };

export interface RunOptions {
  readonly parameters: readonly SourceValue[];
  /** One more is asked for, so that it is seen where there are more. */
  readonly maxRows: number;
}

export async function queryOfSource(
  tx: SourceReader,
  sql: string,
  options: RunOptions,
): Promise<QueryOutcome<SourceValue>> {
  const started = performance.now();
  try {
    const rows = await tx.rows(`SELECT * FROM (${sql}\n) LIMIT ${options.maxRows + 1}`, options.parameters);
    return { kind: "rows", rows, durationMs: performance.now() - started };
  } catch (error) {
    if (isBusyError(error)) throw error;
    return { kind: "failed", message: messageOf(error), sqlState: null };
  }
}

/** A lock of others is waited for outside. */
function isBusyError(error: unknown): boolean {
  return /SQLITE_BUSY|SQLITE_LOCKED|database is locked/.test(messageOf(error));
}

/** Runs a query within a savepoint. `width`: how many columns SQLite gave. */
export async function queryOfTarget(
  tx: TargetTransaction,
  sql: string,
  { maxRows, parameters, width }: RunOptions & { readonly width: number },
): Promise<QueryOutcome<TargetValue>> {
  return timed(tx, async () => {
    const limit = `limit ${maxRows + 1}`;
    if (width === 0) {
      const rows = await tx.rows(`select 1 as one from (${await withValues(tx, sql, parameters)}\n) as q ${limit}`);
      return rows.map(() => []);
    }
    return cellsOf(tx, `(${await withValues(tx, sql, parameters)}\n) as q(${numberedNames(width)}) ${limit}`, width);
  });
}

/** Names that no statement has. */
export function numberedNames(width: number): string {
  return Array.from({ length: width }, (_, index) => `changeover_${index + 1}`).join(", ");
}

/** The rows of what follows FROM, each value as text with its type. */
export async function cellsOf(
  tx: TargetTransaction,
  from: string,
  width: number,
  common = "",
): Promise<TargetValue[][]> {
  const names = numberedNames(width).split(", ");
  const rows = await tx.rows<{ cells: (string | null)[]; types: string[] }>(
    `${common}select array[${names.map((name) => `${name}::text`).join(", ")}] as cells, ` +
      `array[${names.map((name) => `pg_typeof(${name})::text`).join(", ")}] as types from ${from}`,
  );
  return rows.map(({ cells, types }) => cells.map((text, index) => ({ text, type: types[index] ?? "unknown" })));
}

/** Runs `work` in a savepoint; an error of the statement is a result, a lost connection is none. */
export async function timed<Value>(
  tx: TargetTransaction,
  work: () => Promise<readonly (readonly Value[])[]>,
): Promise<QueryOutcome<Value>> {
  const started = performance.now();
  try {
    const rows = await tx.savepoint(work);
    return { kind: "rows", rows, durationMs: performance.now() - started };
  } catch (error) {
    if (isConnectionLoss(error)) throw error;
    return { kind: "failed", message: reasonIn(error), sqlState: sqlState(error) ?? null };
  }
}

/** PostgreSQL's own words; what they quote of a value is left out. */
function reasonIn(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  const message = messageOf(cause ?? error);
  return /^2[23]/.test(sqlState(error) ?? "") ? message.replace(/: ".*"$/s, "") : message;
}

/**
 * The statement with its values in place. It is prepared first: PostgreSQL must find a type for each parameter. Bound
 * by this program's driver, values would be converted by its own ideas of their types.
 */
export async function withValues(
  tx: TargetTransaction,
  sql: string,
  parameters: readonly SourceValue[],
): Promise<string> {
  if (parameters.length === 0) return sql;
  await tx.run(`prepare changeover_query as ${sql}\n; deallocate changeover_query`);
  return sql.replace(TOKENS, (token, position: string | undefined) =>
    position === undefined ? token : literalOf(parameters[Number(position) - 1] ?? null),
  );
}

/** Strings, names and comments are passed over. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\d+)/g;

/** Without a type, as a driver sends it: the place decides. */
function literalOf(value: SourceValue): string {
  if (value === null) return "null";
  // A real is written as SQLite makes a text of it.
  if (typeof value === "number" && Number.isInteger(value)) return pgString(`${value}.0`);
  return pgString(value instanceof ArrayBuffer ? `\\x${Buffer.from(value).toString("hex")}` : String(value));
}
