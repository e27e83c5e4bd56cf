import type { TargetSession } from "./target.ts";

const NAME = '(?:"(?:[^"]|"")+"|[\\w$]+)';
/** A foreign key of one column, as pg_get_constraintdef writes it. */
const DEFINITION = new RegExp(`^FOREIGN KEY \\((${NAME})\\) REFERENCES ((?:${NAME}\\.)?${NAME})\\((${NAME})\\)`);

/**
 * Whether a foreign key must hold because the parent keys are consecutive numbers without a gap, and all its values are
 * in their range. This takes a hundredth of the time of a join. False means only that this test cannot tell. `child`:
 * quoted name of the referencing table.
 */
export async function hasDenseParentKeys(
  session: Pick<TargetSession, "rows">,
  child: string,
  definition: string,
): Promise<boolean> {
  const query = renderDenseKeys(child, definition);
  const types = renderTypes(child, definition);
  if (query === null || types === null) return false;
  // Of texts the question itself would be an error, which stays in the server's log.
  const [type] = await session.rows<{ whole: boolean }>(types);
  if (type?.whole !== true) return false;
  const [row] = await session.rows<{ dense: boolean }>(query);
  return row?.dense === true;
}

/** Asks whether both ends are whole numbers, which takes no row. Null for a foreign key with several columns. */
function renderTypes(child: string, definition: string): string | null {
  const [, value, parent, id] = DEFINITION.exec(definition) ?? [];
  if (value === undefined || parent === undefined || id === undefined) return null;
  const isWhole = (column: string, table: string) =>
    `pg_typeof((select ${column} from ${table} limit 0))::text in ('smallint', 'integer', 'bigint')`;
  return `select ${isWhole(id, parent)} and ${isWhole(value, child)} as whole`;
}

/** Null for a foreign key with several columns. */
export function renderDenseKeys(child: string, definition: string): string | null {
  const [, value, parent, id] = DEFINITION.exec(definition) ?? [];
  if (value === undefined || parent === undefined || id === undefined) return null;
  const isWhole = (end: string) => `pg_typeof(${end})::text in ('smallint', 'integer', 'bigint')`;
  return `select ${isWhole("p.first")} and ${isWhole("c.first")} and (
  c.first is null or coalesce(p.last - p.first + 1 = p.count and c.first >= p.first and c.last <= p.last, false)
) as dense
from (select count(*) as count, min(${id}) as first, max(${id}) as last from ${parent}) as p,
     (select min(${value}) as first, max(${value}) as last from ${child}) as c`;
}
