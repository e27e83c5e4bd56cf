import { describe, expect, it } from "vitest";
import { translateCondition, translateValue } from "../../src/plan/translate-expression.ts";
import { type Scope, familyOfType, typed } from "../../src/plan/typed-sql.ts";

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
};

const scope: Scope = {
  aggregates: false,
  column(name) {
    const found = COLUMNS[name.toLowerCase()];
    if (found === undefined) return null;
    const sql = name.toLowerCase();
    const family = familyOfType(found[0]);
    return { ...typed(sql, family), collation: family === "text" ? (found[1] ?? "BINARY") : null, bare: [sql] };
  },
};

describe("translateCondition", () => {
  it.each([
    ["QTY >= 0 AND [Price]<=(1)", "qty >= 0 and price <= 1"],
    ["(qty > 0 or done) and not (name is null)", "(qty > 0 or done) and not name is null"],
    ["qty", "qty <> 0"],
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
    ["typeof(qty) = 'integer'", "case when qty is null then 'null' else 'integer' end = 'integer'"],
    ['name IN ("dq", \'sq\')', "name in ('dq', 'sq')"],
    ["name isnull or name notnull", "name is null or name is not null"],
    ["qty - (1 - id) > 0", "qty - (1 - id) > 0"],
    ["case when qty > 1 then 1 else 0 end", "case when qty > 1 then 1 else 0 end <> 0"],
  ])("%s", (text, expected) => {
    expect(translateCondition(text, scope)).toEqual({ sql: expected, reason: null });
  });

  it.each([
    "name", // a text is false unless it begins with a number
    "name > 5",
    "at > '2024-01-01'",
    "qty / id > 1", // NULL in SQLite, an error in PostgreSQL, where id is 0
    "price % 2 = 0",
    "name || price = 'x'",
    "at = strftime('%Y', at)",
    "json_valid(name)",
    "app_function(qty)",
    "exists (select 1)",
    "qty in (select 1)",
    "nosuch = 1",
    "name = 'x' COLLATE RTRIM and email COLLATE custom = 'y'",
    "substr(name, -1) = 'x'",
    "qty in ()",
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
  ])("%s", (text, expected) => {
    expect(translateValue(text, scope)).toEqual({ sql: expected, reason: null });
  });
});
