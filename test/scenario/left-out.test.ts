import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const BIN = fileURLToPath(new URL("../../bin/changeover.js", import.meta.url));

/** One of each kind that has no translation, or another meaning, and Alembic's own table. */
const ALL_KINDS = `
  PRAGMA foreign_keys = OFF;
  CREATE TABLE alembic_version(version_num VARCHAR(32) NOT NULL PRIMARY KEY);
  INSERT INTO alembic_version VALUES('1a2b3c');
  CREATE TABLE parents(id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT COLLATE NOCASE, token TEXT DEFAULT (typeof(1)));
  CREATE TABLE children(id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents(id),
    stray INTEGER REFERENCES nowhere(id),
    kind TEXT NOT NULL ON CONFLICT IGNORE, xmin TEXT, v, sum AS (hex(id)), CONSTRAINT told CHECK (hex(kind) <> ''));
  CREATE UNIQUE INDEX children_hex ON children(hex(kind));
  CREATE INDEX children_hex_too ON children(hex(xmin));
  CREATE TRIGGER children_ai AFTER INSERT ON children BEGIN UPDATE parents SET token = 'x' WHERE id = NEW.parent; END;
  CREATE TRIGGER children_ad AFTER DELETE ON children BEGIN UPDATE parents SET token = 'y' WHERE id = OLD.parent; END;
  CREATE VIEW untold AS SELECT printf('%05d', id) AS padded FROM parents;
  CREATE TABLE behind(x);
  INSERT INTO parents(id, code, token) VALUES(1, 'a', 't');
  INSERT INTO children(id, parent, kind, v) VALUES(1, 1, 'k', 1), (2, 7, 'l', 'one');
`;

const ALL = [
  "changed collation code COLLATE NOCASE",
  "changed foreign-key (parent) to parents",
  "changed generated-column sum",
  "left-out check told",
  "left-out default token",
  "left-out foreign-key (stray) to nowhere",
  "left-out index children_hex_too",
  "left-out on-conflict kind NOT NULL ON CONFLICT IGNORE",
  "left-out table behind",
  "left-out trigger children_ad",
  "left-out trigger children_ai",
  "left-out unique-index children_hex",
  "left-out view untold",
  "renamed column xmin",
];

/** A UNIQUE index that is not translated blocks until someone accepts that duplicates get in. */
const DUPLICATES_MAY_COME = ["--accept", "UNIQUE_NOT_TRANSLATED"];

interface Told {
  readonly change: string;
  readonly kind: string;
  readonly name: string;
  readonly code: string;
  readonly reason: string;
  readonly confirmed_by: string | null;
}

interface Document {
  readonly ok?: boolean;
  readonly error?: { readonly code: string };
  readonly left_out: readonly Told[];
  readonly warnings: readonly Told[];
}

const brief = (told: readonly Told[]) => told.map(({ change, kind, name }) => `${change} ${kind} ${name}`).sort();
const documentOf = (stdout: string) => JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Document;

/** The command at a terminal of its own, with an answer typed in. */
function atTerminal(
  args: readonly string[],
  answer: string,
  cwd: string,
): Promise<{ code: number | null; text: string }> {
  const command = [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qec", command, "/dev/null"], { cwd, stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
    if (text.includes("Go on?")) child.stdin.end(`${answer}\n`);
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, text })));
}

describe("what does not come over", () => {
  it("stops a run that nobody has confirmed before anything is written, and is named to the end of one with --yes", {
    timeout: 180_000,
  }, async () => {
    const cwd = temporaryDirectory();
    const { path, application } = await sqliteFile(ALL_KINDS);
    const target = await emptyDatabase();
    const tables = ["--schema-by", "changeover", "--exclude", "behind"];
    const ends = ["--source", path, "--target", target, ...tables, ...DUPLICATES_MAY_COME];
    const refused = await runCli(["full", ...ends, "--json"], { cwd });
    expect(refused.code).toBe(2);
    const said = documentOf(refused.stdout);
    expect(said.error?.code).toBe("CONFIRMATION_REQUIRED");
    // Whoever excludes a table, or accepts a code, has said so.
    expect(brief(said.left_out)).toEqual(ALL.filter((one) => !/ (behind|children_hex)$/.test(one)));
    expect(brief(said.warnings)).toEqual(["warning column v"]);
    expect(refused.stderr).toContain("2 triggers: children_ai on children, children_ad on children");
    expect(existsSync(join(cwd, "migrations"))).toBe(false);
    expect(await query(target, "select to_regclass('changeover.run') as run, to_regclass('parents') as t")).toEqual([
      { run: null, t: null },
    ]);
    expect((await application.execute("SELECT name FROM sqlite_schema WHERE name LIKE '%changeover%'")).rows).toEqual(
      [],
    );

    const full = await runCli(["full", "--yes", ...ends], { cwd });
    expect(full.code).toBe(0);
    expect(full.stdout).toContain("Cut over: every row arrived; 14 things of the schema did not come over");
    expect(full.stdout).not.toContain("has everything");
    expect(full.stdout).toContain("2 triggers: children_ai on children, children_ad on children");
    expect(await query(target, "select version_num from alembic_version")).toEqual([{ version_num: "1a2b3c" }]);

    // Another process, in another place.
    const later = async (...args: readonly string[]) =>
      documentOf((await runCli([...args, "--json"], { cwd: temporaryDirectory() })).stdout);
    const status = await later("status", "--target", target);
    expect(brief(status.left_out)).toEqual(ALL);
    expect(new Set(status.left_out.map(({ confirmed_by }) => confirmed_by))).toEqual(
      new Set(["yes", "rule", "accept"]),
    );
    expect(status.left_out.every(({ reason }) => reason !== "")).toBe(true);
    expect(brief((await later("check", ...ends.slice(0, 4))).left_out)).toEqual(ALL);
    // What someone has made in the target by hand.
    await query(target, "create view untold as select lpad(id::text, 5, '0') as padded from parents");
    const complete = await later("complete", "--yes", "--target", target);
    expect(brief(complete.left_out)).toEqual(ALL.filter((one) => one !== "left-out view untold"));
  });

  // `script` gives the command a terminal; elsewhere it takes other options.
  it.skipIf(process.platform !== "linux")("is shown at a terminal with what will happen, and asked for", async () => {
    const cwd = temporaryDirectory();
    const { path } = await sqliteFile(
      "CREATE TABLE t(id INTEGER PRIMARY KEY); CREATE VIEW v AS SELECT hex(id) AS a FROM t",
    );
    const target = await emptyDatabase();
    const args = ["full", "--source", path, "--target", target];
    const no = await atTerminal(args, "n", cwd);
    expect(no.text).toContain("1 view: v");
    expect(no.text).toContain("then it cuts over");
    expect(no.text).toContain("nothing was done");
    expect(no.code).toBe(2);
    expect(existsSync(join(cwd, "migrations"))).toBe(false);
    const yes = await atTerminal(args, "y", cwd);
    expect(yes.text.match(/Go on\?/g)).toHaveLength(1);
    expect(yes.text).toContain("Cut over: every row arrived; 1 thing of the schema did not come over");
    expect(yes.code).toBe(0);
  });

  it(
    "is nothing where all has a translation: then `full` says that the target has everything, " +
      "and no script is stopped",
    async () => {
      const cwd = temporaryDirectory();
      const { path } = await sqliteFile(
        `CREATE TABLE p(id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'x' CHECK (a <> ''), b INT GENERATED ALWAYS
        AS (id + 1) STORED, UNIQUE (a, id));
       CREATE TABLE c(id INTEGER PRIMARY KEY, p INT REFERENCES p(id)); CREATE INDEX c_p ON c(p) WHERE p > 1;
         CREATE VIEW v AS SELECT a FROM p`,
      );
      const ends = ["--source", path, "--target", await emptyDatabase()];
      const full = await runCli(["full", ...ends], { cwd });
      expect(full.stdout).toContain("Cut over: the target has everything.");
      expect(full.code).toBe(0);
      expect(documentOf((await runCli(["check", ...ends, "--json"], { cwd })).stdout)).toMatchObject({
        ok: true,
        left_out: [],
        warnings: [],
      });
    },
  );

  it("holds a cutover by another process until each code is accepted, and the sync may go on", async () => {
    const { path, application } = await sqliteFile(ALL_KINDS);
    const target = await emptyDatabase();
    const ends = ["--source", path, "--target", target];
    const begun = temporaryDirectory();
    expect((await runCli(["schema", "--write", ...ends, ...DUPLICATES_MAY_COME], { cwd: begun })).code).toBe(0);
    expect((await runCli(["up", ...ends], { cwd: begun })).code).toBe(0);
    const synced = await runCli(["sync", "--until", "caught-up", ...ends, ...DUPLICATES_MAY_COME, "--json"], {
      cwd: begun,
    });
    expect(synced.stderr).toContain("`changeover cutover` asks to confirm");
    expect(documentOf(synced.stdout).left_out.map(({ confirmed_by }) => confirmed_by)).toContain(null);
    // The ledger is live like any other table.
    await application.execute("UPDATE alembic_version SET version_num = '4d5e6f'");
    const refused = await runCli(["cutover", ...ends, "--json"], { cwd: begun });
    const said = documentOf(refused.stdout);
    expect(said.error?.code).toBe("CONFIRMATION_REQUIRED");
    expect(refused.code).toBe(2);
    const codes = [...new Set([...said.left_out, ...said.warnings].map(({ code }) => code))];
    const accepted = codes.flatMap((code) => ["--accept", code]);
    expect((await runCli(["cutover", ...ends, ...accepted.slice(2)], { cwd: begun })).code).toBe(2);
    const cutover = await runCli(["cutover", ...ends, ...accepted, "--json"], { cwd: begun });
    expect(cutover.code).toBe(0);
    expect(documentOf(cutover.stdout).left_out.every(({ confirmed_by }) => confirmed_by === "accept")).toBe(true);
    expect(await query(target, "select version_num from alembic_version")).toEqual([{ version_num: "4d5e6f" }]);
    await query(target, "update alembic_version set version_num = '7a8b9c'");
    expect((await runCli(["rollback", "--yes", ...ends], { cwd: begun })).code).toBe(0);
    expect((await application.execute("SELECT version_num FROM alembic_version")).rows).toMatchObject([
      { version_num: "7a8b9c" },
    ]);
  });
});
