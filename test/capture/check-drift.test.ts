import { expect, it } from "vitest";
import { watchDrift } from "../../src/capture/check-drift.ts";
import { installCapture } from "../../src/capture/install.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { chooseIdentity } from "../../src/plan/propose/choose-identity.ts";
import { sql } from "../../src/sql.ts";
import { memoryDatabase, memorySource } from "../fuzz/memory-source.ts";

it("drift checks read the schema's text rarely, even if the run saves each result", async () => {
  const database = memoryDatabase();
  database.exec("CREATE TABLE t(id INTEGER PRIMARY KEY, a)");
  const source = memorySource(database);
  const { tables } = await source.read(readSchema);
  const all = tables.map((table) => ({ id: 1, table, identity: chooseIdentity(table, undefined) }));
  const state = await installCapture(source, { run: "test", target: "", tables: all });
  const drift = watchDrift({ source, run: "test", captured: state, mappings: [], isExcluded: () => false });
  let read = 0;
  const look = () =>
    source.read((tx) =>
      drift.check({
        rows: (text, args) => {
          if (text === sql("source/schema-text")) read++;
          return tx.rows(text, args);
        },
      }),
    );
  await look();
  const { known } = drift;
  for (let n = 0; n < 5; n++) {
    await look();
    drift.settle(drift.known);
  }
  expect(read).toBe(1);
  expect(drift.known).toBe(known);
  database.exec("CREATE VIEW extra AS SELECT a FROM t");
  await look();
  expect(read).toBe(2);
  expect(drift.known).not.toBe(known);
});
