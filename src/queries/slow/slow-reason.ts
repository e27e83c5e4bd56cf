import { renderName } from "../../plan/names/render-name.ts";
import { pgTable } from "../../quote.ts";
import type { Source } from "../../source/source.ts";
import type { Statement } from "../../sqlite-sql/ast.ts";
import type { TargetSession, TargetTransaction } from "../../target/target.ts";
import type { QueryTable, QueryTables } from "../query-tables.ts";
import { type RunOptions, withValues } from "../run-query.ts";
import { type UsedIndex, usedIndexes } from "./source-indexes.ts";

export interface SlowStatement {
  readonly statement: Statement;
  /** With ?1, ?2 … */
  readonly sqlite: string;
  /** The text that was slow, with $1, $2 … */
  readonly postgres: string;
  readonly parameters: RunOptions["parameters"];
}

export interface SlowPlace {
  readonly source: Source;
  readonly session: TargetSession;
  readonly tables: QueryTables;
}

export interface SlowReason {
  /** What PostgreSQL's plan does, without values. */
  readonly reason: string;
  /** CREATE INDEX for what SQLite used and PostgreSQL lacks. */
  readonly indexes: readonly string[];
}

/** Why a statement takes longer in PostgreSQL: its plan, and the indexes by which SQLite found the rows. */
export async function slowReason(slow: SlowStatement, place: SlowPlace): Promise<SlowReason> {
  const plan = await place.source.read((tx) => tx.rows(`EXPLAIN QUERY PLAN ${slow.sqlite}`, slow.parameters));
  const used = usedIndexes(
    plan.map((row) => String(row[3] ?? "")),
    slow.statement,
    place.tables,
  );
  const undo = new Error("undo");
  const found: SlowReason[] = [];
  try {
    await place.session.transaction(
      async (tx) => {
        found.push(await reasonIn(tx, slow, used));
        throw undo;
      },
      { readOnly: true },
    );
  } catch (error) {
    if (error !== undo) throw error;
  }
  return found[0] ?? { reason: "its plan could not be read", indexes: [] };
}

async function reasonIn(
  tx: TargetTransaction,
  { parameters, postgres }: SlowStatement,
  used: readonly UsedIndex[],
): Promise<SlowReason> {
  const sql = await withValues(tx, postgres, parameters);
  const [row] = await tx.rows<{ "QUERY PLAN": unknown }>(`explain (format json) ${sql}`);
  const steps = costlySteps(row?.["QUERY PLAN"]);
  const lacking: string[] = [];
  const words: string[] = [];
  for (const index of used) {
    const create = await missingIndex(tx, index);
    const list = index.terms.map(({ column }) => column).join(", ");
    const made = index.name === null ? "an index that it made for the statement" : `the index ${index.name}`;
    words.push(
      `SQLite used ${made} on ${index.table.source} (${list}), which PostgreSQL ${
        create === null ? "has, too" : "lacks"
      }`,
    );
    if (create !== null) lacking.push(create);
  }
  const tables = [...new Set(used.map(({ table }) => table))];
  const unread = await notAnalyzed(tx, tables);
  if (unread.length > 0) words.push(`PostgreSQL has no statistics of ${unread.join(", ")}: run ANALYZE`);
  return { reason: [`PostgreSQL's plan: ${steps}`, ...words].join("; "), indexes: [...new Set(lacking)] };
}

interface PlanNode {
  readonly "Node Type"?: string;
  readonly "Relation Name"?: string;
  readonly "Total Cost"?: number;
  readonly "Plan Rows"?: number;
  readonly "Parent Relationship"?: string;
  readonly Plans?: readonly PlanNode[];
}

/** How often a step runs for each time that the one above it does. */
function roundsOf(part: PlanNode, above: PlanNode): number {
  const relationship = part["Parent Relationship"];
  if (relationship === "SubPlan") return Math.max(1, above["Plan Rows"] ?? 1);
  if (relationship !== "Inner" || above["Node Type"] !== "Nested Loop") return 1;
  return Math.max(1, above.Plans?.[0]?.["Plan Rows"] ?? 1);
}

const STEPS = 3;

/** The steps that cost most, but for those that only hand on. */
function costlySteps(explained: unknown): string {
  const parsed: unknown = typeof explained === "string" ? JSON.parse(explained) : explained;
  const [top] = Array.isArray(parsed) ? (parsed as readonly { readonly Plan?: PlanNode }[]) : [];
  const found: { readonly text: string; readonly cost: number }[] = [];
  const walk = (node: PlanNode, rounds: number): void => {
    const below = (node.Plans ?? []).map((part) => ({ part, rounds: rounds * roundsOf(part, node) }));
    const spent = below.reduce((sum, { part, rounds: own }) => sum + (part["Total Cost"] ?? 0) * own, 0);
    const relation = node["Relation Name"];
    found.push({
      text: `${(node["Node Type"] ?? "step").toLowerCase()}${relation === undefined ? "" : ` of ${relation}`}`,
      cost: (node["Total Cost"] ?? 0) * rounds - spent,
    });
    for (const { part, rounds: own } of below) walk(part, own);
  };
  if (top?.Plan !== undefined) walk(top.Plan, 1);
  const costly = found.sort((one, other) => other.cost - one.cost).slice(0, STEPS);
  return costly.length === 0 ? "unknown" : costly.map(({ text }) => text).join(", ");
}

/** CREATE INDEX, if no index of the target begins with these columns; null if one does. */
async function missingIndex(tx: TargetTransaction, { table, terms }: UsedIndex): Promise<string | null> {
  const indexes = await tx.rows<{ columns: string[] }>(
    `select array(select pg_get_indexdef(indexrelid, place, true) from generate_series(1, indnkeyatts) as place)
      as columns
    from pg_index where indrelid = $1::regclass and indisvalid and indpred is null`,
    [pgTable(table.target)],
  );
  const written = terms.map(({ column, isFolded }) =>
    isFolded ? `lower(${renderName(column)} collate "C")` : renderName(column),
  );
  const isThere = indexes.some(({ columns }) =>
    written.every((term, index) => columns[index]?.toLowerCase() === term.toLowerCase()),
  );
  const name = `${renderName(table.target.schema)}.${renderName(table.target.name)}`;
  return isThere ? null : `create index on ${name} (${written.join(", ")})`;
}

async function notAnalyzed(tx: TargetTransaction, tables: readonly QueryTable[]): Promise<string[]> {
  if (tables.length === 0) return [];
  const rows = await tx.rows<{ name: string }>(
    `select relname as name from pg_class where oid = any($1::regclass[]) and reltuples < 0 order by oid`,
    [tables.map(({ target }) => pgTable(target))],
  );
  return rows.map(({ name }) => name);
}
