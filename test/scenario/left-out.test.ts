import { expect, it } from "vitest";
import { runCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, emptyTarget, query } from "../support/target.ts";

/** One of each kind that has no translation, or another meaning, and Alembic's own table. */
const ALL_KINDS = `
  PRAGMA foreign_keys = OFF;
  CREATE TABLE alembic_version(version_num VARCHAR(32) NOT NULL PRIMARY KEY);
  INSERT INTO alembic_version VALUES('1a2b3c');
  CREATE TABLE parents(id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT COLLATE NOCASE, token TEXT DEFAULT (typeof(1)));
  CREATE TABLE children(id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents(id), stray INTEGER REFERENCES nowhere(id),
    kind TEXT NOT NULL ON CONFLICT IGNORE, doubled AS (printf('%d', id)), CHECK (typeof(kind) = 'text' AND unicode(kind) > 0));
  CREATE UNIQUE INDEX children_hex ON children(hex(kind));
  CREATE TRIGGER children_ai AFTER INSERT ON children BEGIN UPDATE parents SET token = 'x' WHERE id = NEW.parent; END;
  CREATE VIEW untold AS SELECT printf('%05d', id) AS padded FROM parents;
  CREATE TABLE behind(x);
  INSERT INTO parents(id, code, token) VALUES(1, 'a', 't');
  INSERT INTO children(id, parent, kind) VALUES(1, 1, 'k'), (2, 7, 'l');
`;

it("x", async () => {
  const cwd = temporaryDirectory();
  const { path } = await sqliteFile(ALL_KINDS);
  const target = await emptyDatabase();
  const ends = ["--source", path, "--target", target, "--exclude", "behind"];
  const refused = await runCli(["full", ...ends], { cwd });
  console.log(refused.stdout, refused.stderr, refused.code);
  const full = await runCli(["full", "--yes", ...ends], { cwd });
  console.log(full.stdout, full.stderr, full.code);
  const status = await runCli(["status", "--target", target], { cwd });
  console.log(status.stdout);
  const j = await runCli(["status", "--target", target, "--json"], { cwd });
  console.log(JSON.stringify(JSON.parse(j.stdout).left_out, null, 1));
  console.log(await query(target, "select * from alembic_version"), await query(target, "select tablename from pg_tables where schemaname='public'"));
});
