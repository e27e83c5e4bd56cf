import type { Conversion } from "../model/mapping.ts";
import { codecOf } from "./types/codecs.ts";

/**
 * SQLite expression, 1 where a row with this value of `c` would be rejected, by the codec or by PostgreSQL. `type`: the
 * target's. What only PostgreSQL knows (the labels of an enum, text that is not valid UTF-8) is not in it.
 */
export function notConvertible(c: string, type: string, conversion: Conversion): string {
  const { encoder } = codecOf(conversion);
  const byPostgres = encoder.rejectedByPostgres?.(c, type) ?? null;
  return byPostgres === null
    ? encoder.rejected(c)
    : `CASE WHEN ${encoder.rejected(c)} THEN 1 ELSE coalesce(${byPostgres},0) END`;
}
