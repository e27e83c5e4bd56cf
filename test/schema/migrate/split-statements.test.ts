import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { parse } from "libpg-query";
import { describe, expect, it } from "vitest";
import { bare, splitStatements } from "../../../src/schema/migrate/split-statements.ts";
import {
  isHarmlessOutsideTransaction,
  mustRunOutside,
  refuseOwnTransaction,
} from "../../../src/schema/migrate/transactional.ts";

describe("the statements of a SQL text", () => {
  const TEXTS: Readonly<Record<string, readonly string[]>> = {
    "select 1; select 2;": ["select 1", "select 2"],
    "-- Up Migration\nselect ';'; -- a; b\nselect /* ; /* ; */ ; */ 2": [
      "-- Up Migration\nselect ';'",
      "-- a; b\nselect /* ; /* ; */ ; */ 2",
    ],
    "select 'it''s; so', E'a\\';b', \"x;y\"; select 2": ["select 'it''s; so', E'a\\';b', \"x;y\"", "select 2"],
    "do $$ begin; end $$; create function f() returns int language sql as $body$ select 1; $body$;": [
      "do $$ begin; end $$",
      "create function f() returns int language sql as $body$ select 1; $body$",
    ],
    ["create function f(a int) returns int begin atomic select case a when 1 then 2 end; select 3; end;" +
      " select a$1$, b from t; select 4"]: [
      "create function f(a int) returns int begin atomic select case a when 1 then 2 end; select 3; end",
      "select a$1$, b from t",
      "select 4",
    ],
    "  ;;-- nothing\n;": [],
  };

  for (const [text, statements] of Object.entries(TEXTS))
    it(`of ${JSON.stringify(text)} are ${statements.length}`, () => expect(splitStatements(text)).toEqual(statements));
});

describe("PostgreSQL's own parser finds the same statements", () => {
  const FOLDERS = ["../../golden", "../../../migrations", "../../../examples/two-truths/migrations"].map(
    (folder) => new URL(`${folder}/`, import.meta.url),
  );
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => /^(rich-.*|\d.*)\.sql$/.test(file))
      .map((file) => new URL(file, folder)),
  );
  for (const file of files) {
    it(`in ${basename(file.pathname)}`, async () => {
      const text = readFileSync(file, "utf8");
      const { stmts } = (await parse(text)) as { stmts: readonly unknown[] };
      expect(splitStatements(text)).toHaveLength(stmts.length);
    });
  }
});

it("keywords are found without comments, strings and quoted names", () => {
  expect(bare(`/* drop */ CREATE  UNIQUE\nINDEX -- x\n concurrently "VACUUM" on t ((a || 'vacuum'))`)).toBe(
    "create unique index concurrently on t ((a || ))",
  );
});

describe("outside transactions", () => {
  const OUTSIDE = [
    "create index concurrently i on t(a)",
    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t(a)",
    "drop index concurrently i",
    "reindex index concurrently i",
    "reindex (verbose, concurrently) table t",
    "vacuum analyze t",
    "alter table p detach partition q concurrently",
    "-- why\ncreate database d",
  ];
  const INSIDE = [
    "create index i on t(a)",
    "comment on table t is 'create index concurrently'",
    "refresh materialized view concurrently v",
    "alter table t add column concurrently int",
    "alter type mood add value 'meh'",
  ];
  for (const statement of OUTSIDE) it(`runs ${statement}`, () => expect(mustRunOutside(statement)).toBe(true));
  for (const statement of INSIDE) it(`does not run ${statement}`, () => expect(mustRunOutside(statement)).toBe(false));

  it("only builds and refreshes are harmless to a run", () => {
    expect(
      ["create index concurrently i on t(a)", "reindex table t", "vacuum t"].every(isHarmlessOutsideTransaction),
    ).toBe(true);
    expect(
      ["drop index concurrently i", "alter table t drop column a", "delete from t"].some(isHarmlessOutsideTransaction),
    ).toBe(false);
  });
});

describe("a file that begins or ends transactions itself", () => {
  const migration = { name: "0001_x", path: "migrations/0001_x.sql" };
  for (const text of [
    "begin; select 1; commit",
    "COMMIT",
    "start transaction isolation level serializable",
    "rollback work",
    "end",
  ])
    it(`says ${text}`, () =>
      expect(() => refuseOwnTransaction(migration, [text])).toThrow(/would end the transaction/));
  for (const text of [
    "do $$ begin null; commit; end $$",
    "savepoint a; rollback to savepoint a; release a",
    "rollback work to a",
    "select 'begin'",
    "create function f() returns int begin atomic select 1; end",
  ])
    it(`does not by ${text}`, () => expect(() => refuseOwnTransaction(migration, [text])).not.toThrow());
});
