import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { superuser } from "../support/superuser.ts";
import { emptyDatabase, query } from "../support/target.ts";

const WORDS = ["b", "B", "a", "Ä", "ä", "z", "Z", "_x", "e-1", "e1", "E 1", "", "ß", "ss", "ñ", "日本", "10", "9"];
const TABLE = `
  CREATE TABLE words (word TEXT PRIMARY KEY NOT NULL, code TEXT NOT NULL CHECK (code >= 'A' AND code < '['),
    free VARCHAR(20));
  CREATE UNIQUE INDEX words_code ON words (code COLLATE NOCASE, word);
  INSERT INTO words VALUES
    ${WORDS.map((word, index) => `('${word}', '${String.fromCharCode(65 + index)}', '${word}')`).join(", ")};
`;

/** A database in which texts are ordered as people order them. */
async function databaseWithLocale(): Promise<string> {
  const url = new URL(await emptyDatabase());
  const name = `locale_${randomBytes(6).toString("hex")}`;
  await query(
    await superuser(),
    `create database ${name} owner ${url.username} template template0 encoding utf8 locale 'C' ` +
      "locale_provider icu icu_locale 'und'",
  );
  url.pathname = `/${name}`;
  return url.href;
}

const ORDERS = [
  "select word from words order by word",
  "select word from words order by free desc",
  "select min(word) || max(word) || min(free) as word from words",
  "select word from words where word > 'a' and free < 'ä' order by word",
  "select lower(word) || upper(free) as word from words order by word",
];

it("is SQLite's in PostgreSQL, in a database that has a locale of its own", async () => {
  const { path, application } = await sqliteFile(TABLE);
  const url = await databaseWithLocale();
  const { code, stderr } = await runCli(["full", "--yes", "--source", path, "--target", url], {
    cwd: temporaryDirectory(),
  });
  expect(stderr).not.toContain("error:");
  expect(code).toBe(0);
  for (const sql of ORDERS) {
    const before = (await application.execute(sql)).rows.map(({ word }) => word);
    expect(
      (await query<{ word: string }>(url, sql)).map(({ word }) => word),
      sql,
    ).toEqual(before);
  }
});

it("is the database's where that is asked for, with every row there all the same", async () => {
  const { path, application } = await sqliteFile(TABLE);
  const url = await databaseWithLocale();
  const cwd = temporaryDirectory();
  const { code, stderr } = await runCli(
    ["full", "--yes", "--source", path, "--target", url, "--collation", "database"],
    {
      cwd,
    },
  );
  expect(stderr).not.toContain("error:");
  expect(code).toBe(0);
  // Where PostgreSQL has to compare as SQLite does, the files say it there.
  expect(readFileSync(join(cwd, "migrations", "0001_tables.sql"), "utf8")).toContain(
    `check (code collate "C" >= 'A' and code collate "C" < '[')`,
  );
  expect(readFileSync(join(cwd, "migrations", "0001_tables.sql"), "utf8")).toContain("  word text not null,\n");
  const words = (await query<{ word: string }>(url, "select word from words order by word")).map(({ word }) => word);
  expect(words).not.toEqual(
    (await application.execute("SELECT word FROM words ORDER BY word")).rows.map(({ word }) => word),
  );
  expect([...words].sort()).toEqual([...WORDS].sort());
});

it("of a table with keys of either case is compared and repaired as well", async () => {
  const { path } = await sqliteFile(TABLE);
  const url = await databaseWithLocale();
  const cwd = temporaryDirectory();
  expect((await runCli(["schema", "--write", "--source", path, "--target", url], { cwd })).code).toBe(0);
  expect((await runCli(["up", "--source", path, "--target", url], { cwd })).code).toBe(0);
  expect((await runCli(["sync", "--until", "caught-up", "--source", path, "--target", url], { cwd })).code).toBe(0);
  await query(url, "update words set free = 'other' where word in ('B', 'ä'); delete from words where word = 'z'");
  expect((await runCli(["check", "--source", path, "--target", url], { cwd })).code).toBe(1);
  const repaired = await runCli(["check", "--repair", "--json", "--source", path, "--target", url], { cwd });
  expect(repaired.code).toBe(0);
});
