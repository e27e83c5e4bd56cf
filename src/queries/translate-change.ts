import { hasOneRow } from "../plan/translate/one-row.ts";
import type { Member } from "../plan/translate/relation.ts";
import { translate } from "../plan/translate/translate-expression.ts";
import { translateFrom } from "../plan/translate/translate-from.ts";
import { condition, type Scope, Untranslatable } from "../plan/translate/typed-sql.ts";
import type { Delete, Update } from "../sqlite-sql/ast.ts";
import { assignedValue } from "./assigned-value.ts";
import {
  scopeOf,
  type TranslatedWrite,
  translateReturning,
  type WritePlace,
  withCommon,
  writtenTable,
} from "./statement-place.ts";
import { translateAssignments } from "./translate-conflict.ts";

/** UPDATE, also with FROM where it gives one row at most for each that is changed. */
export function translateUpdate(node: Update, given: WritePlace): TranslatedWrite {
  const { place, sql: common } = withCommon(node.with, given);
  refuseUnknown(node);
  if (node.or !== null && node.or !== "ABORT") throw new Untranslatable(`it has UPDATE OR ${node.or}`);
  const written = writtenTable(node.target, place);
  const { member, table } = written;
  const members: Member[] = [member];
  const scope = scopeOf(members, place);
  const from = node.from === null ? "" : `\nfrom ${updateFrom(node, members, scope, place)}`;
  const keys = new Set(table.uniques.flatMap((key) => key ?? []));
  const set = translateAssignments(node.set, table, (column, { value }) => {
    // Each row is checked as it is changed, in an order that the two databases do not share.
    if (keys.has(column.name) && translate(value, scope).bare.length > 0)
      throw new Untranslatable(`it calculates a key, ${column.source}`);
    return assignedValue(value, column, scope).sql;
  });
  const where = node.where === null ? "" : `\nwhere ${condition(translate(node.where, scope)).sql}`;
  const returning = translateReturning(node.returning, written, place);
  return {
    sql: `${common}update ${written.sql} set ${set}${from}${where}${returning.sql}`,
    outputs: returning.outputs,
    writes: table.source,
  };
}

/** SQLite takes any of several rows that FROM gives for one row. */
function updateFrom(node: Update, members: Member[], scope: Scope, place: WritePlace): string {
  if (node.from?.kind !== "table") throw new Untranslatable("it updates from something other than one table");
  const derive = () => {
    throw new Untranslatable("it updates from a query");
  };
  const sql = translateFrom(node.from, members, { relations: place.relations, scope, derive });
  const core = {
    kind: "core",
    start: node.start,
    end: node.end,
    distinct: null,
    columns: [],
    from: node.from,
    where: node.where,
    groupBy: [],
    having: null,
    windows: [],
  } as const;
  if (!hasOneRow({ core, limit: null, members: members.slice(1), outputs: [], scope }))
    throw new Untranslatable("its FROM may give several rows for one, and SQLite takes any");
  return sql;
}

export function translateDelete(node: Delete, given: WritePlace): TranslatedWrite {
  const { place, sql: common } = withCommon(node.with, given);
  refuseUnknown(node);
  const written = writtenTable(node.target, place);
  const scope = scopeOf([written.member], place);
  const where = node.where === null ? "" : `\nwhere ${condition(translate(node.where, scope)).sql}`;
  const returning = translateReturning(node.returning, written, place);
  return {
    sql: `${common}delete from ${written.sql}${where}${returning.sql}`,
    outputs: returning.outputs,
    writes: written.table.source,
  };
}

function refuseUnknown({ indexed, limit, orderBy }: Pick<Update, "indexed" | "limit" | "orderBy">): void {
  if (limit !== null || orderBy.length > 0) throw new Untranslatable("it limits the rows that it writes to");
  if (indexed !== null) throw new Untranslatable("it says which index is to be used");
}
