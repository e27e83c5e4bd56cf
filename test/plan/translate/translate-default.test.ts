import { describe, expect, it } from "vitest";
import { translateDefault } from "../../../src/plan/translate/translate-default.ts";

const NOW = "now() at time zone 'UTC'";

/** A UUID of version 4 as SQLite's applications put it together, with this between its parts. */
const UUID_PARTS = (between: string) =>
  [
    "hex(randomblob(4))",
    "hex(randomblob(2))",
    "'4' || substr(hex(randomblob(2)), 2)",
    "substr('89AB', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2)",
    "hex(randomblob(6))",
  ].join(` || ${between} || `);

const digits = (count: number) => `substr(replace(gen_random_uuid()::text, '-', ''), 1, ${count})`;
const UNDERSCORED =
  `${digits(8)} || '_' || ${digits(4)} || '_4' || ${digits(3)} || '_' || substr('89ab', ` +
  `1 + floor(random() * 4)::integer, 1) || ${digits(3)} || '_' || ${digits(12)}`;
const hash = (count: number) => `left(encode(sha256(gen_random_uuid()::text::bytea), 'hex'), ${count})`;
const TWO_HASHES = `${hash(64)} || ${digits(16)}`;

describe("translateDefault", () => {
  it.each<[string, string, string | null]>([
    ["CURRENT_TIMESTAMP", "timestamp", `(${NOW})`],
    ["CURRENT_TIMESTAMP", "timestamptz", "now()"],
    ["CURRENT_TIMESTAMP", "text", `to_char(${NOW}, 'YYYY-MM-DD HH24:MI:SS')`],
    ["current_date", "date", `(${NOW})::date`],
    ["datetime('now')", "timestamp", `(${NOW})`],
    ["(datetime('now'))", "text", `to_char(${NOW}, 'YYYY-MM-DD HH24:MI:SS')`],
    ["datetime('now', 'localtime')", "timestamp", null],
    ["strftime('%Y-%m-%dT%H:%M:%fZ','now')", "text", `to_char(${NOW}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`],
    ["strftime('%s','now')", "bigint", "floor(extract(epoch from now()))::bigint"],
    ["strftime('%s','now')", "timestamptz", "now()"],
    ["unixepoch() * 1000", "bigint", "floor(extract(epoch from now()))::bigint * 1000"],
    ["strftime('%W','now')", "text", null],
    ["lower(hex(randomblob(16)))", "text", "replace(gen_random_uuid()::text, '-', '')"],
    ["hex(randomblob(4))", "text", "upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 8))"],
    ['"abc"', "text", "'abc'"],
    ["abc", "text", "'abc'"],
    ["'it''s \\'", "text", "E'it''s \\\\'"],
    ["5", "text", "'5'"],
    ["'5'", "bigint", "5"],
    ["00", "bigint", "0"],
    ["0x10", "bigint", "16"],
    ["-1", "bigint", "-1"],
    ["2.0", "bigint", "2"],
    ["2.5", "bigint", null],
    [`'"0"'`, "bigint", null],
    ["9223372036854775808", "bigint", null],
    ["1e999", "double precision", "'Infinity'::double precision"],
    ["'4.990'", "numeric(10,2)", "4.990"],
    ["1", "boolean", "true"],
    ["false", "boolean", "false"],
    ["FALSE", "bigint", "0"],
    ["'true'", "boolean", "true"],
    ["'FALSE'", "boolean", "false"],
    ["'never'", "boolean", null],
    ["'6F9619FF-8b86-d011-b42d-00c04fc964ff'", "uuid", "'6F9619FF-8b86-d011-b42d-00c04fc964ff'"],
    ["'6f9619ff-8b86-d011-b42d-00c04fc964f'", "uuid", null],
    ["'none'", "uuid", null],
    ["'127.0.0.1'", "inet", "'127.0.0.1'"],
    ["'::1'", "inet", "'::1'"],
    ["'127.0.0.256'", "inet", null],
    ["1.50", "text", "'1.5'"],
    ["1e3", "text", "'1000.0'"],
    ["2.5e-7", "text", "'2.5e-07'"],
    ["9223372036854775808", "text", "'9.22337203685478e+18'"],
    ["unixepoch() + 3600", "bigint", "floor(extract(epoch from now()))::bigint + 3600"],
    ["(unixepoch() + 3600) * 1000", "bigint", "(floor(extract(epoch from now()))::bigint + 3600) * 1000"],
    ["unixepoch() + 3600", "timestamptz", "(now() + interval '3600 seconds')"],
    ["unixepoch() * 1000 + 5", "timestamptz", null],
    [
      "strftime('%Y-%m-%dT%H:%M:%fZ', CURRENT_TIMESTAMP)",
      "text",
      `to_char(date_trunc('second', now(), 'UTC') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
    ],
    ["datetime(CURRENT_TIMESTAMP)", "text", `to_char(${NOW}, 'YYYY-MM-DD HH24:MI:SS')`],
    ["datetime(CURRENT_TIME)", "text", null],
    ["'r'||lower(hex(randomblob(7)))", "text", "'r' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 14)"],
    [`lower(${UUID_PARTS("'-'")})`, "text", "gen_random_uuid()::text"],
    [`lower(${UUID_PARTS("''")})`, "text", "replace(gen_random_uuid()::text, '-', '')"],
    [`lower(${UUID_PARTS("''")})`, "uuid", "gen_random_uuid()"],
    [`'{' || upper(${UUID_PARTS("'-'")}) || '}'`, "text", "'{' || upper(gen_random_uuid()::text) || '}'"],
    [`'usr_' || lower(${UUID_PARTS("'-'")})`, "text", "'usr_' || gen_random_uuid()::text"],
    [`'usr_' || lower(${UUID_PARTS("'-'")})`, "uuid", null],
    [`replace(lower(${UUID_PARTS("'-'")}), '-', '_')`, "text", UNDERSCORED],
    ["lower(hex(randomblob(40)))", "text", TWO_HASHES],
    ["randomblob(16)", "bytea", "uuid_send(gen_random_uuid())"],
    ["'0000-00-00'", "text", "'0000-00-00'"],
    ["'0000-00-00'", "date", null],
    ["'2030-05-28 21:32:15'", "timestamp", "'2030-05-28 21:32:15'"],
    ["'2000-01-01 00:00:00+00:00'", "timestamp", null],
    ["'2000-01-01 00:00:00+00:00'", "timestamptz", "'2000-01-01 00:00:00+00:00'"],
    ["x'00ff'", "bytea", "'\\x00ff'::bytea"],
    ["'ab'", "bytea", "'\\x6162'::bytea"],
    ["'{}'", "jsonb", "'{}'"],
    ["'{'", "jsonb", null],
    ["app_function()", "text", null],
    [
      "datetime('now', '+1 day', '-30 minutes')",
      "timestamp",
      "((now() + interval '24 hours' - interval '30 minutes') at time zone 'UTC')",
    ],
    ["datetime('now', '+1 month')", "timestamp", null],
    ["julianday('now')", "double precision", `(extract(julian from ${NOW}) - 0.5)`],
    ["julianday('now')", "text", null],
    ["1 + 2 * 3", "bigint", "(1 + 2 * 3)"],
    ["1 + 2.5", "double precision", "(1 + 2.5::double precision)"],
    ["'a' || 'b'", "text", "('a' || 'b')"],
    ["'a' || 'b'", "bigint", null],
    ["random()", "bigint", "(('x' || left(md5(gen_random_uuid()::text), 16))::bit(64)::bigint)"],
    ["abs(random()) % 100", "bigint", "(abs(('x' || left(md5(gen_random_uuid()::text), 16))::bit(64)::bigint) % 100)"],
    ["random()", "text", null],
  ])("%s for %s", (text, type, expected) => {
    const { sql, reason } = translateDefault(text, type);
    expect(sql).toBe(expected);
    expect(reason === null).toBe(expected !== null);
  });

  it("needs no words for NULL", () => {
    expect(translateDefault("null", "text")).toEqual({ sql: null, reason: null });
  });
});
