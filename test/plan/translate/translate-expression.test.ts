import { describe, expect, it } from "vitest";
import { NOTHING_SEEN } from "../../../src/model/profile.ts";
import type { Affinity } from "../../../src/model/source-schema.ts";
import { columnTraits } from "../../../src/plan/translate/column-traits.ts";
import { translateCheck, translateCondition, translateValue } from "../../../src/plan/translate/translate-sql-text.ts";
import { type Family, familyOfType, type Scope, typed } from "../../../src/plan/translate/typed-sql.ts";

const COLUMNS: Readonly<Record<string, readonly [type: string, collation?: string]>> = {
  id: ["bigint"],
  qty: ["bigint"],
  price: ["double precision"],
  amount: ["numeric(10,2)"],
  name: ["text"],
  email: ["text", "NOCASE"],
  done: ["boolean"],
  born: ["date"],
  at: ["timestamp"],
  data: ["bytea"],
  doc: ["jsonb"],
  zoned: ["timestamptz"],
};

const scope: Scope = {
  aggregates: false,
  column(name) {
    const found = COLUMNS[name.toLowerCase()];
    if (found === undefined) return null;
    const sql = name.toLowerCase();
    const family = familyOfType(found[0]);
    const facts = {
      type: found[0],
      byBytes: false,
      affinity: AFFINITIES[family] ?? "numeric",
      collation: found[1] ?? "BINARY",
      profile: { ...NOTHING_SEEN, column: sql },
    };
    return { ...typed(sql, family), ...columnTraits(facts), bare: [sql] };
  },
};

const AFFINITIES: Partial<Record<Family, Affinity>> = {
  integer: "integer",
  double: "real",
  text: "text",
  json: "text",
  bytea: "blob",
};

describe("translateCondition", () => {
  it.each([
    ["QTY >= 0 AND [Price]<=(1)", "qty >= 0 and price <= 1"],
    ["(qty > 0 or done) and not (name is null)", "(qty > 0 or done) and not name is null"],
    ["qty", "qty <> 0"],
    ["NULL or length(name) = 10", "null or length(name) = 10"],
    ["name = - 0", "name = '0'"],
    ["name = - - 5", "name = '5'"],
    [
      "typeof(qty > 0 or done) || '' = 'x'",
      "case when (qty > 0 or done) is null then 'null' else 'integer' end || '' = 'x'",
    ],
    ["not done", "not done"],
    ["done IN (0, 1)", "done in (false, true)"],
    ["done = 1", "done = true"],
    ["qty = true", "qty = 1"],
    ["qty == '5'", "qty = 5"],
    ["name = 5", "name = '5'"],
    ["name != 'a' and id is not 3", "name <> 'a' and id is distinct from 3"],
    ["name < 'b'", `name collate "C" < 'b'`],
    ["email = 'Joe@X.org'", `lower(email collate "C") = 'joe@x.org'`],
    ["name = 'X' COLLATE NOCASE", `lower(name collate "C") = 'x'`],
    ["email COLLATE BINARY = 'X'", `email = 'X'`],
    ["name COLLATE nocase = 'X'", `lower(name collate "C") = 'x'`],
    ["name like 'A_%'", `lower(name collate "C") like 'a_%' escape ''`],
    ["name not like 'a!%' escape '!'", `lower(name collate "C") not like 'a!%' escape '!'`],
    ["name glob '[A-Z]*.?'", `name collate "C" ~ E'^[A-Z].*\\\\..$'`],
    ["qty between 1 and 2 + 3", "qty between 1 and 2 + 3"],
    ["length(name) > 3 and length(data) < 10", "length(name) > 3 and length(data) < 10"],
    ["born > '2000-01-01'", "born > date '2000-01-01'"],
    ["typeof(qty) = 'integer'", "qty is not null"],
    ["typeof(qty) <> 'integer'", "not qty is not null"],
    ["typeof(name) in ('text', 'null')", "true"],
    ["typeof(qty) in ('integer', 'real')", "qty is not null"],
    ["typeof(name) = 'blob'", "false"],
    ["qty in (1, null)", "qty in (1, null)"],
    ["(qty is null) + (name is null) = 1", "(qty is null)::integer + (name is null)::integer = 1"],
    ["qty & 3 = 1 or qty >> 2 > 1 or ~qty = 2", "qty & 3 = 1 or qty >> 2 > 1 or ~ qty = 2"],
    ["max(qty, id) > 0", "case when qty is null or id is null then null else greatest(qty, id) end > 0"],
    ["born is date(born)", "true"],
    ["name > 5", "name collate \"C\" > '5'"],
    ["qty is true and done is not false", "(qty <> 0) is true and done is not false"],
    ["round(qty) = qty and sign(price) >= 0", "qty::double precision = qty and sign(price)::bigint >= 0"],
    ["hex(data) <> ''", "coalesce(upper(encode(data, 'hex')), '') <> ''"],
    ["unicode(name) > 31", "ascii(nullif(name, '')) > 31"],
    ["qty < 100000 * 100000", "qty < 100000::bigint * 100000"],
    ["name IN (\"dq\", 'sq')", "name in ('dq', 'sq')"],
    ["name isnull or name notnull", "name is null or name is not null"],
    ["qty - (1 - id) > 0", "qty - (1 - id) > 0"],
    // NULL in SQLite where id is 0, and an error in PostgreSQL.
    ["qty / id > 1", "qty / nullif(id, 0) > 1"],
    [
      "round(price) = 1",
      "case when abs(price) > 4503599627370496 then price " +
        "else trunc(price + case when price < 0 then -0.5 else 0.5 end) + 0::double precision end = 1",
    ],
    ["case when qty > 1 then 1 else 0 end", "case when qty > 1 then 1 else 0 end <> 0"],
  ])("%s", (text, expected) => {
    expect(translateCondition(text, scope)).toEqual({ sql: expected, reason: null });
  });

  it.each([
    "name", // a text is false unless it begins with a number
    "qty + 1 > '5'", // without an affinity a number is less than any text
    "lower(name) = 5",
    "name collate nocase > 5 collate nocase",
    "amount / 4 > 1", // of integers in some rows, of reals in others
    "at = strftime('%Y-%m-%d %H:%M:%S', at)", // whether it is written with a space is not known
    "at = strftime('%Y-%m-%dT%H:%M:%fZ', at)",
    "at > '2024-01-01'",
    "price % 2 = 0",
    "name || price = 'x'",
    "at = strftime('%Y', at)",
    "json_valid(name)", // PostgreSQL fails where SQLite says 0, which only a CHECK may
    "doc ->> 'a' = 'x'",
    "1 << qty > 2",
    "qty << 64 > 2",
    "born = strftime('%Y', born)",
    "at = strftime('%d.%m.%Y', at)",
    "app_function(qty)",
    "exists (select 1)",
    "qty in (select 1)",
    "nosuch = 1",
    "name = 'x' COLLATE RTRIM and email COLLATE custom = 'y'",
    "substr(name, -1, 2) = 'x'",
    "max(name, email) = 'x'",
    "qty in ()",
    "qty in (null)",
    "not sql at all (",
    "1) or (2",
  ])("leaves %s alone", (text) => {
    expect(translateCondition(text, scope).sql).toBeNull();
  });
});

describe("translateValue", () => {
  it.each([
    ["qty * price + 1", "qty * price + 1"],
    ["qty / 2.0", "qty / 2.0::double precision"],
    ["name || '-' || id", "name || '-' || id::text"],
    ["LOWER(name)", `lower(name collate "C")`],
    ["ifnull(name, '')", "coalesce(name, '')"],
    ["iif(done, 'y', 'n')", "case when done then 'y' else 'n' end"],
    ["substr(name, 1, 3)", "substr(name, 1, 3)"],
    ["trim(name)", "btrim(name)"],
    ["cast(id as text)", "id::text"],
    ["-(qty + 1)", "-(qty + 1)"],
    ["substr(name, -3)", "right(name, 3)"],
    ["printf('%s-%d%%', name, id)", "coalesce(name, '') || '-' || coalesce(id::text, '0') || '%'"],
    ["date(at)", "at::date"],
    ["date(zoned)", "(zoned at time zone 'UTC')::date"],
    [
      "strftime('%Y-%m', born)",
      "lpad(extract(year from born)::text, 4, '0') || '-' || lpad(extract(month from born)::text, 2, '0')",
    ],
    ["unixepoch(at)", "floor(extract(epoch from at))::bigint"],
  ])("%s", (text, expected) => {
    expect(translateValue(text, scope)).toEqual({ sql: expected, reason: null });
  });

  it.each([
    ["json_extract(doc, '$.name')", "doc ->> 'name'"],
    ["doc ->> '$.a.\"b c\"[2]'", "doc #>> array['a', 'b c', '2']"],
    ["doc ->> 'it''s'", "doc ->> 'it''s'"],
    ["doc ->> 0", "doc ->> 0"],
  ])("reads %s out of JSON for an index that need not be exact", (text, expected) => {
    expect(translateValue(text, { ...scope, loose: true })).toEqual({ sql: expected, reason: null });
    expect(translateValue(text, scope).sql).toBeNull();
  });
});

describe("translateCheck", () => {
  it.each([
    ["json_valid(name)", "json_typeof(name::json) <> ''"],
    ["name is null or json_valid(name)", "name is null or json_typeof(name::json) <> ''"],
    ["doc is null or json_valid(doc)", "true"],
    ["at is null or at = strftime('%Y-%m-%dT%H:%M:%fZ', at)", "true"],
    ["born = date(born) and qty > 0", "qty > 0"],
    ["json_valid(doc)", "true"],
    ["(json_valid(name)) and qty > 0", "json_typeof(name::json) <> '' and qty > 0"],
    ["json_valid(name) or name is null", "name is null or json_typeof(name::json) <> ''"],
    [
      "name = '' or json_valid(name)",
      "case when (name = '') is not false then true else json_typeof(name::json) <> '' end",
    ],
  ])("%s", (text, expected) => {
    expect(translateCheck(text, scope)).toEqual({ sql: expected, reason: null });
  });
  it.each(["not json_valid(name)", "json_valid(name) = 1", "case when json_valid(name) then 1 else 1 end"])(
    "leaves %s alone, where a failure would be wrong",
    (text) => {
      expect(translateCheck(text, scope).sql).toBeNull();
    },
  );
});
