import { describe, expect, it } from "vitest";
import { installCapture, removeCapture } from "../../src/capture/install.ts";
import { renderCaptureTriggers } from "../../src/capture/render-triggers.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { chooseIdentity } from "../../src/plan/propose/choose-identity.ts";
import { openSource } from "../../src/source/source.ts";
import { sqliteFile } from "../support/source.ts";

const SCHEMA = `
  CREATE TABLE plain(id INTEGER PRIMARY KEY, v);
  CREATE TABLE "we""ird name"("a b" TEXT NOT NULL, "ä" INT, PRIMARY KEY("a b", "ä")) WITHOUT ROWID;
  CREATE TABLE keyless(x, y);
  CREATE UNIQUE INDEX u ON keyless(lower(x)) WHERE y > 1;
  CREATE TRIGGER app AFTER INSERT ON plain BEGIN UPDATE plain SET v = v WHERE id = new.id; END;
`;

describe("capture", () => {
  it("adds only objects with its own prefix, and cleaning restores the schema text for text", async () => {
    const { path, application } = await sqliteFile(SCHEMA);
    const dump = async () =>
      JSON.stringify(
        (await application.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid")).rows,
      );
    const before = await dump();
    const source = openSource({ url: path });
    const schema = await source.read(readSchema);
    const tables = schema.tables.map((table, index) => ({
      id: index + 1,
      table,
      identity: chooseIdentity(table, undefined),
    }));
    await installCapture(source, { run: "r", target: "t", tables });
    const { rows } = await application.execute(
      "SELECT name FROM sqlite_schema WHERE name NOT LIKE '\\_changeover\\_%' ESCAPE '\\'",
    );
    expect(rows).toHaveLength((JSON.parse(before) as unknown[]).length);
    await application.executeMultiple(
      `INSERT INTO plain VALUES(1, 2); INSERT INTO "we""ird name" VALUES('a', 1); UPDATE keyless SET y = 1; ` +
        `INSERT INTO keyless VALUES('A', 5); DELETE FROM plain; DELETE FROM keyless; DELETE FROM "we""ird name"`,
    );
    expect((await removeCapture(source)).length).toBeGreaterThan(10);
    expect(await dump()).toBe(before);
    expect(await removeCapture(source)).toEqual([]);
    source.close();
  });

  it("logs one row for an insert and an update if the rowid is the only key", async () => {
    const { path } = await sqliteFile("CREATE TABLE plain(id INTEGER PRIMARY KEY, v)");
    const source = openSource({ url: path });
    const [table] = (await source.read(readSchema)).tables;
    if (table === undefined) throw new Error("no table");
    expect(
      renderCaptureTriggers({ id: 3, table, identity: chooseIdentity(table, undefined) }).map(({ sql }) => sql),
    ).toEqual([
      'CREATE TRIGGER "_changeover_3_after_insert" AFTER INSERT ON "plain" BEGIN\n  INSERT INTO ' +
        '"_changeover_log"(tbl, k1) VALUES(3, NEW."id");\nEND',
      'CREATE TRIGGER "_changeover_3_after_update" AFTER UPDATE ON "plain" BEGIN\n  INSERT INTO ' +
        '"_changeover_log"(tbl, k1) VALUES(3, OLD."id");\nEND',
      'CREATE TRIGGER "_changeover_3_after_update_key" AFTER UPDATE ON "plain" WHEN NEW."id" <> OLD."id" BEGIN\n ' +
        ' INSERT INTO "_changeover_log"(tbl, k1) VALUES(3, NEW."id");\nEND',
      'CREATE TRIGGER "_changeover_3_before_delete" BEFORE DELETE ON "plain" BEGIN\n  INSERT INTO ' +
        '"_changeover_log"(tbl, k1) VALUES(3, OLD."id");\nEND',
    ]);
    source.close();
  });
});
