import { expect, it, onTestFinished } from "vitest";
import { renderCaptureTriggers } from "../../src/capture/render-triggers.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { openSource } from "../../src/source/source.ts";
import { sqliteFile } from "../support/source.ts";

it("captures tables whose generated columns contain column names in strings", async () => {
  const { path, application } = await sqliteFile(`
    CREATE TABLE models (
      id TEXT PRIMARY KEY NOT NULL,
      config TEXT,
      name TEXT AS (json_extract(config, '$.name')) VIRTUAL NOT NULL,
      base TEXT AS (json_extract(config, '$.type') || 'base') VIRTUAL,
      type TEXT AS (base || json_extract(config, '$.type')) VIRTUAL,
      UNIQUE (name, base, type)
    );
    CREATE TABLE _changeover_log (seq INTEGER PRIMARY KEY, tbl, k1);
  `);
  const source = openSource({ url: path });
  onTestFinished(() => source.close());
  const [table] = (await source.read(readSchema)).tables;
  if (table === undefined) throw new Error("no table");
  await application.executeMultiple(
    renderCaptureTriggers({ id: 1, table, identity: { kind: "columns", columns: ["id"] } })
      .map(({ sql }) => sql)
      .join(";\n"),
  );
  await application.execute(`INSERT INTO models (id, config) VALUES ('a', '{"name":"n","type":"t"}')`);
  await application.execute(`INSERT OR REPLACE INTO models (id, config) VALUES ('b', '{"name":"n","type":"t"}')`);
  const logged = await application.execute("SELECT DISTINCT k1 FROM _changeover_log ORDER BY k1");
  expect(logged.rows.map(({ k1 }) => k1)).toEqual(["a", "b"]);
});
