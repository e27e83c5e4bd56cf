import { describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";
import { cameToPass, disturbed, atTarget as target } from "../support/disturb.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SHOP = `
  CREATE TABLE items(id INTEGER PRIMARY KEY, price DECIMAL, sold DATETIME);
  CREATE TABLE parent(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
  CREATE TABLE child(id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent(id));
  INSERT INTO items VALUES(1, 9.5, '2024-01-01 10:00:00'), (2, 10.25, '2024-01-02 11:30:00');
  INSERT INTO parent VALUES(1, 'a');
`;
const TURN = "function changeover.refuse_write\\(\\)[^]*";
// Both databases refuse writes then, and the process that knew of the losses is gone.
const KILLED_BEHIND_THE_SEAL = [
  target(`${TURN}state=returning`, "pass"),
  target(`${TURN}state=returned`, "pass"),
  target("commit\\x00", "kill-after"),
];

async function cutOver() {
  const cwd = temporaryDirectory();
  const { path, application } = await sqliteFile(SHOP);
  const url = await emptyDatabase();
  const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const { code, signal, stderr, stdout } = await runCli([...args, "--json"], {
      cwd,
      env: { CHANGEOVER_SOURCE: path, CHANGEOVER_TARGET: url, ...env },
    });
    return { code, signal, stderr, ...(JSON.parse(stdout.trim().split("\n").at(-1) || "{}") as object) };
  };
  expect(await run(["schema", "--write", "--types", "enhanced"])).toMatchObject({ code: 0 });
  expect(await run(["full"])).toMatchObject({ code: 0, ok: true });
  const killed = async () => {
    const failing = await run(["rollback", "--yes", "--accept-loss"], disturbed(KILLED_BEHIND_THE_SEAL, cwd));
    expect(failing.signal, failing.stderr).toBe("SIGKILL");
    expect(cameToPass(cwd)).toBe(true);
  };
  return { application, url, run, killed };
}

describe("a failback that was killed behind its seal", () => {
  it("is finished with the losses that were accepted, and PostgreSQL takes those rows when the run goes forward", {
    timeout: 240_000,
  }, async () => {
    const { killed, run, url } = await cutOver();
    await query(
      url,
      "update items set price = 123456789012345678901234567890.123456789, sold = '10000-01-01' where id = 2",
    );
    await query(url, "create table extra(id int primary key); insert into extra values (1)");
    await killed();

    const finished = await run(["rollback", "--yes"]);
    expect(finished, finished.stderr).toMatchObject({ code: 0, ok: true, phase: "returned" });
    const { losses } = finished as unknown as { readonly losses: readonly object[] };
    expect(losses).toHaveLength(3);
    expect(losses).toEqual(
      expect.arrayContaining([
        { table: "extra", column: null, kind: "table_added", count: 1, keys: [], announced: false },
        { table: "items", column: "price", kind: "rounded", count: 1, keys: ["2"], announced: false },
        { table: "items", column: "sold", kind: "null", count: 1, keys: ["2"], announced: false },
      ]),
    );
    expect(await run(["sync", "--until", "caught-up"])).toMatchObject({ code: 0 });
    expect(await query(url, "select price::float8 as price, sold from items where id = 2")).toEqual([
      { price: 1.2345678901234568e29, sold: null },
    ]);
    expect(await run(["check"])).toMatchObject({ code: 0, ok: true });
  });

  it("is finished though a table has another name there, and no id is given out twice", {
    timeout: 240_000,
  }, async () => {
    const { application, killed, run, url } = await cutOver();
    await query(url, "insert into parent(name) values ('b'), ('c'); delete from parent where name <> 'a'");
    await query(url, "alter table parent rename to ancestor");
    await killed();

    const finished = await run(["rollback", "--yes"]);
    expect(finished, finished.stderr).toMatchObject({ code: 0, ok: true, phase: "returned", losses: [] });
    await application.execute("INSERT INTO parent(name) VALUES('d')");
    expect((await application.execute("SELECT id FROM parent WHERE name = 'd'")).rows[0]?.[0]).toBe(4n);
  });
});
