import { UsageError } from "../../errors.ts";
import type { Rules } from "../../model/rules.ts";
import { nearWords } from "../../nearest.ts";

/** A type that a rule gives to a column. */
export interface RuledType {
  readonly table: string;
  readonly column: string;
  readonly type: string;
}

/** The types that rules give to columns. */
export function typesOfRules({ tables = {} }: Rules): RuledType[] {
  return Object.entries(tables).flatMap(([table, { columns = {} }]) =>
    Object.entries(columns).flatMap(([column, { type }]) => (type === undefined ? [] : [{ table, column, type }])),
  );
}

/** Whether every PostgreSQL has a type of this name; its modifiers are not looked at. */
export function isBuiltIn(type: string): boolean {
  const name = baseTypeName(type);
  return BUILT_IN.includes(name) || /^interval (year|month|day|hour|minute|second)( to \w+)?$/.test(name);
}

/** These are not types, but stand for one where a table is made. */
export function isSerial(type: string): boolean {
  return /^(small|big)?serial[248]?$/.test(baseTypeName(type));
}

/** The type without modifiers, brackets and schema: `numeric(12,3)[]` is `numeric`. */
export function baseTypeName(type: string): string {
  return type
    .toLowerCase()
    .replace(/\([^)]*\)/g, " ")
    .replace(/\[\d*\]|\barray\b/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^pg_catalog\./, "");
}

export function unknownType({ column, table, type }: RuledType, wasAsked: boolean, reason?: string): UsageError {
  const near = nearWords(baseTypeName(type), BUILT_IN);
  const elsewhere = wasAsked
    ? "a type of your own, or of an extension, must be there first: create it in a migration, and apply that"
    : "a type of your own, or of an extension, is looked for in the target: give --target";
  return new UsageError({
    code: "RULE_INVALID",
    message:
      `the config gives column ${column} of ${table} the type ${type}, which ` +
      (reason ?? (wasAsked ? "the target does not have" : "PostgreSQL does not have by itself")),
    hint: near.length > 0 ? `did you mean ${near.join(", or ")}? Otherwise, ${elsewhere}` : elsewhere,
    context: { table, column, type },
  });
}

const BUILT_IN: readonly string[] = [
  "bigint int8 bigserial serial8 bit varbit boolean bool box bytea character char varchar bpchar cidr circle date",
  "real float4 float float8 inet integer int int4 interval json jsonb jsonpath line lseg macaddr macaddr8 money",
  "numeric decimal dec path pg_lsn pg_snapshot point polygon smallint int2 smallserial serial2 serial serial4 text",
  "time timetz timestamp timestamptz tsquery tsvector txid_snapshot uuid xml name oid regclass regtype regproc regrole",
  "int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange",
  "tsmultirange tstzmultirange datemultirange",
]
  .flatMap((line) => line.split(" "))
  .concat(
    ["double precision", "bit varying", "character varying", "char varying", "national character", "nchar"],
    ["national char", "national character varying", "national char varying", "nchar varying"],
    ["time with time zone", "time without time zone", "timestamp with time zone", "timestamp without time zone"],
  );
