import { keyColumns, type TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import type { CanonicalSplit } from "./canonical-split.ts";
import type { KeyRelation } from "./look-up.ts";
import { renderRowHash } from "./render-row-hash.ts";

/** Rows of the target's table. */
export type TargetRange =
  /** All of them. */
  | { readonly kind: "table" }
  /** As they lie: blocks of the table from one, up to another. */
  | { readonly kind: "blocks"; readonly from: number; readonly to: number }
  /** After a key and up to another; null: from the first. */
  | { readonly kind: "keyRange"; readonly after: string | null; readonly upTo: string | null }
  /** Those under a list of keys. */
  | { readonly kind: "keys"; readonly keys: KeyRelation };

/** What of a row is hashed. */
export interface DigestColumns {
  readonly mapping: TableMapping;
  readonly split: CanonicalSplit;
  /** Columns of the target that hold no NULL. */
  readonly neverNull: ReadonlySet<string>;
}

/** What PostgreSQL answers for a range: number of rows, sum of their hashes, the other columns as arrays of text. */
export function renderTargetDigest(range: TargetRange, columns: DigestColumns): string {
  const { mapping, split } = columns;
  const { order, relation } = sourceOf(range, mapping);
  const others = split.others.map(({ target }, index) => `, t.${pgName(target)}::text as c${index}`).join("");
  const arrays = split.others.map((_, index) => `, array_agg(c${index}) as c${index}`).join("");
  // Rows that do not name themselves are told apart by their place among the others.
  const place = split.namesRows ? "1" : `(row_number() over (order by ${order}))::integer`;
  const ordered = split.others.length > 0 ? ` order by ${order}` : "";
  return [
    `select count(*)::integer as rows, coalesce(sum(hash), 0)::text as sum${arrays}`,
    `from (select ${renderRowHash(columns, place)} as hash${others} from ${relation}${ordered}) as r`,
  ].join(" ");
}

export function parametersOf(range: TargetRange): readonly (string | null)[] {
  switch (range.kind) {
    case "table":
      return [];
    case "blocks":
      return [`(${range.from},0)`, `(${range.to},0)`];
    case "keyRange":
      return [range.after, range.upTo];
    case "keys":
      return range.keys.parameters;
  }
}

/** The hashes of the rows under a list of keys, each row once. */
export function renderTargetHashes({ table }: Pick<KeyRelation, "table">, columns: DigestColumns): string {
  const keys = targetKeys(columns.mapping);
  return [
    `select ${renderRowHash(columns, "1")}::text as hash`,
    `from (select distinct ${keys.join(", ")} from ${table} as k) as l`,
    `join ${pgTable(columns.mapping.target)} as t on ${sameKeys(keys)}`,
  ].join(" ");
}

function sourceOf(range: TargetRange, mapping: TableMapping): { readonly relation: string; readonly order: string } {
  const table = pgTable(mapping.target);
  const keys = targetKeys(mapping);
  switch (range.kind) {
    case "table":
      return { relation: `${table} as t`, order: "ctid" };
    case "blocks":
      return { relation: `${table} as t where ctid >= $1::tid and ctid < $2::tid`, order: "ctid" };
    case "keyRange":
      return {
        relation:
          `${table} as t where ($1::bigint is null or t.${keys[0]} > $1::bigint) and t.${keys[0]} ` +
          "<= " +
          "$2::bigint",
        order: `t.${keys[0]}`,
      };
    case "keys":
      return {
        relation: `${range.keys.table} as l join ${table} as t on ${sameKeys(keys)}`,
        order: `l.${range.keys.order}`,
      };
  }
}

function targetKeys(mapping: TableMapping): readonly string[] {
  return keyColumns(mapping).map(({ target }) => pgName(target));
}

function sameKeys(keys: readonly string[]): string {
  return keys.map((key) => `t.${key} = l.${key}`).join(" and ");
}
