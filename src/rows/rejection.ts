import type { Conversion } from "../model/mapping.ts";
import { kindOf } from "./kinds.ts";
import { hasFormat, hasRejectedEscapes } from "./text-formats.ts";

/**
 * SQLite expression, 1 where a row with this value of `c` would not pass: refused by the conversion, or by PostgreSQL itself.
 * What only PostgreSQL knows (the labels of an enum, text that is no valid UTF-8) is not in it.
 */
export function refusal(c: string, type: string, conversion: Conversion): string {
  const own = kindOf(conversion).refused(c);
  const postgres = rejectedByPostgres(c, type, conversion);
  return postgres === null ? own : `CASE WHEN ${own} THEN 1 ELSE coalesce(${postgres},0) END`;
}

function rejectedByPostgres(c: string, type: string, conversion: Conversion): string | null {
  switch (conversion.kind) {
    case "integer":
      return conversion.type === "bigint"
        ? null
        : `CAST(${c} AS INTEGER) NOT BETWEEN ${conversion.type === "integer" ? "-2147483648 AND 2147483647" : "-32768 AND 32767"}`;
    case "numeric":
      return beyondPrecision(c, type);
    case "json":
      return `CASE typeof(${c}) WHEN 'text' THEN NOT json_valid(${c})${conversion.binary ? ` OR coalesce(${hasRejectedEscapes(c)},0)` : ""} END`;
    case "uuid":
      return `CASE typeof(${c}) WHEN 'text' THEN CASE length(${c}) WHEN 36 THEN NOT coalesce(${hasFormat("uuids", c)},0) ELSE instr(${c},'-')>0 END END`;
    case "network":
      return `CASE typeof(${c}) WHEN 'text' THEN NOT coalesce(${address(c)},0) END`;
    default:
      return null;
  }
}

/** Digits before the point, once rounded to the scale. */
function beyondPrecision(c: string, type: string): string | null {
  const match = /\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)/.exec(type);
  return match === null ? null : `abs(CAST(${c} AS REAL))>=1e${Number(match[1]) - Number(match[2] ?? 0)}`;
}

/** An address with or without a prefix length. */
function address(c: string): string {
  const host = `substr(${c},1,instr(${c},'/')-1)`;
  const bits = `substr(${c},instr(${c},'/')+1)`;
  return `CASE WHEN instr(${c},'/')=0 THEN ${hasFormat("inets", c)} WHEN ${bits}='' OR ${bits} GLOB '*[^0-9]*' THEN 0 ELSE ${hasFormat("inets", host)} AND CAST(${bits} AS INTEGER)<=CASE WHEN instr(${c},':')>0 THEN 128 ELSE 32 END END`;
}
