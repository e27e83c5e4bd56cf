import type { Conversion } from "../../model/mapping.ts";
import type { ColumnProfile, TableProfile } from "../../model/profile.ts";
import type { ProposedTable } from "../../model/proposal.ts";
import type { SourceColumn, SourceTable } from "../../model/source-schema.ts";
import { sourceRelation } from "../../rows/render-relation.ts";
import { codecOf } from "../../rows/types/codecs.ts";
import { cell } from "../translate/row-condition.ts";
import { conversionOfType } from "../types/conversion-of-type.ts";

/** A key of which two values that differ in SQLite could be one in PostgreSQL. */
export interface KeyInDanger {
  readonly columns: readonly string[];
  /** SQLite condition on the rows `t` whose key is no longer theirs alone. */
  readonly condition: string;
}

/**
 * The keys of a table that must be looked at: 1 and '1' become one text, 'a' and x'61' the same bytes, 'AB' and 'ab'
 * one UUID.
 */
export function keysInDanger(table: SourceTable, proposed: ProposedTable, profile: TableProfile): KeyInDanger[] {
  const plain = table.indexes.filter(
    ({ unique, origin, terms }) => unique && origin !== "primary-key" && terms.every(({ column }) => column !== null),
  );
  const keys = [
    { columns: table.primaryKey, where: null },
    ...plain.map(({ terms, where }) => ({ columns: terms.map(({ column }) => column ?? ""), where })),
  ];
  return keys.flatMap(({ columns, where }) => {
    const terms = columns.map((name) => termOf(name, table, proposed, profile));
    if (!terms.every((term) => term !== null) || !terms.some(({ inDanger }) => inDanger)) return [];
    const expressions = terms.map(({ expression }) => expression).join(", ");
    const rows = `${sourceRelation(table)} AS t${where === null ? "" : ` WHERE ${where}`}`;
    const row = terms.length === 1 ? expressions : `(${expressions})`;
    return [
      {
        columns,
        condition:
          `${where === null ? "" : `(${where}) AND `}${row} IN (SELECT ${expressions} FROM ${rows} ` +
          `GROUP BY ${terms.map((_, index) => index + 1).join(", ")} HAVING count(*) > 1)`,
      },
    ];
  });
}

interface Term {
  /** What PostgreSQL will compare, in SQLite's words; NULL for NULL. */
  readonly expression: string;
  readonly inDanger: boolean;
}

function termOf(name: string, table: SourceTable, proposed: ProposedTable, profile: TableProfile): Term | null {
  const column = table.columns.find((candidate) => candidate.name === name);
  const target = proposed.columns.find(({ source }) => source === name);
  const seen = profile.columns.find((candidate) => candidate.column === name);
  if (column === undefined || target === undefined || seen === undefined) return null;
  const conversion = conversionOfType(target.type, seen);
  const c = cell(column);
  return {
    expression: `CASE WHEN ${c} IS NOT NULL THEN ${compared(c, target.type, conversion)} END`,
    inDanger: mayMeet(column, target.type, conversion, seen),
  };
}

/** Whether two values that differ in SQLite could be one in PostgreSQL. */
function mayMeet(column: SourceColumn, type: string, conversion: Conversion, profile: ColumnProfile): boolean {
  const { integers, reals, texts, blobs } = profile;
  switch (conversion.kind) {
    case "text":
      return /citext/i.test(type) || (column.affinity === "blob" && integers + reals > 0 && texts > 0);
    case "bytes":
      return texts > 0 && blobs > 0;
    default:
      return codecOf(conversion).merging?.isPossible(profile) ?? false;
  }
}

function compared(c: string, type: string, conversion: Conversion): string {
  if (/citext/i.test(type)) return `lower(${codecOf(conversion).encoder.copyText(c)})`;
  const { encoder, merging } = codecOf(conversion);
  return merging?.sameText(c, encoder.copyText(c)) ?? encoder.copyText(c);
}
