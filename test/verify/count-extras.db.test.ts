import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { openSource } from "../../src/source/source.ts";
import { loadRun } from "../../src/target/store/run-store.ts";
import { countExtras } from "../../src/verify/count-extras.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

it(
  "comes to an end although the application is always further ahead than it should be, " +
    "by the time that the target is counted",
  async () => {
    const { path, application } = await sqliteFile(
      "CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT); WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL " +
        "SELECT i + 1 FROM i WHERE i < 3000) INSERT INTO note SELECT i * 2, 'body ' || i FROM i",
    );
    const { url, target, session } = await emptyTarget("create table note(id bigint primary key, body text)");
    onTestFinished(() => target.close());
    const migration = openMigration({ source: path, target: url, migrationsDirectory: temporaryDirectory() });
    await migration.sync({ until: "caught-up" });
    await migration.close();
    await session.run("insert into note values (3001, 'too many')");
    await application.executeMultiple(
      "UPDATE note SET body = 'changed' WHERE id <= 100; INSERT INTO note VALUES(1, 'new'); DELETE FROM note " +
        "WHERE id = 200",
    );
    const source = openSource({ url: path });
    onTestFinished(() => source.close());
    const run = await loadRun(session);
    const mapping = run?.mappings[0];
    if (run === null || mapping === undefined) throw new Error("no run");
    let waited = 0;
    const whileBehind = async () => void waited++;
    expect(
      await countExtras({ run: run.id, source, session, captured: true, mapping, tooFarBehind: 10n, whileBehind }),
    ).toBe(1);
    // 52 entries are in flight: 10, 20 and 40 are too few.
    expect(waited).toBe(3);
  },
);
