import type { TargetSession } from "./target.ts";
import { sqlState } from "./target-error.ts";

const NAME = '(?:"(?:[^"]|"")+"|[\\w$]+)';
/** As PostgreSQL itself writes it, of one column. */
const DEFINITION = new RegExp(`^FOREIGN KEY \\((${NAME})\\) REFERENCES ((?:${NAME}\\.)?${NAME})\\((${NAME})\\)`);

/**
 * Whether all values of a foreign key lie between the first and the last of numbers that are all there, so that none can be without its parent:
 * a hundredth of the time that looking for each one's takes. False says nothing. `child`: the quoted name of its table.
 */
export async function haveDenseParents(
  session: Pick<TargetSession, "rows">,
  child: string,
  definition: string,
): Promise<boolean> {
  const query = renderDenseKeys(child, definition);
  if (query === null) return false;
  try {
    const [row] = await session.rows<{ dense: boolean }>(query);
    return row?.dense === true;
  } catch (error) {
    // What is no number cannot be counted with.
    if (sqlState(error)?.startsWith("42") === true) return false;
    throw error;
  }
}

/** Null for a foreign key of several columns. */
export function renderDenseKeys(child: string, definition: string): string | null {
  const [, value, parent, id] = DEFINITION.exec(definition) ?? [];
  if (value === undefined || parent === undefined || id === undefined) return null;
  const isWhole = (end: string) => `pg_typeof(${end})::text in ('smallint', 'integer', 'bigint')`;
  return `select ${isWhole("p.first")} and ${isWhole("c.first")} and (c.first is null or coalesce(p.last - p.first + 1 = p.count and c.first >= p.first and c.last <= p.last, false)) as dense
from (select count(*) as count, min(${id}) as first, max(${id}) as last from ${parent}) as p,
     (select min(${value}) as first, max(${value}) as last from ${child}) as c`;
}
