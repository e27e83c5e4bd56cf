import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { hranaServer } from "../support/hrana/start-hrana.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const COUNTED_MS = 3_000;
/** Until the pause between two looks has grown to its bound. */
const SETTLED_MS = 8_000;

it("a sync with nothing to do asks a libSQL server less and less, and still sees a change within seconds", {
  timeout: 60_000,
}, async () => {
  const { application, server } = await hranaServer("CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT)");
  const target = await emptyDatabase();
  const stopping = new AbortController();
  const migration = openMigration({
    signal: stopping.signal,
    source: server.url,
    target,
    migrationsDirectory: join(temporaryDirectory(), "migrations"),
  });
  onTestFinished(() => migration.close());
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.sync({ until: "caught-up" });
  const syncing = migration.sync({ until: "stopped" });
  await delay(SETTLED_MS);
  const seen: string[] = [];
  server.fault = (request) => {
    seen.push(JSON.stringify(request).slice(0, 300));
    return null;
  };
  await delay(COUNTED_MS);
  // A look a second, two requests that look at the log's head and the schema, and the ends of their streams. One look
  // in five seconds reads the whole schema.
  expect(seen.length, seen.join("\n")).toBeLessThanOrEqual((COUNTED_MS / 1_000) * 6 + 6);
  expect(seen.length).toBeGreaterThan(0);
  await application.execute("INSERT INTO t VALUES(1, 'late')");
  await expect.poll(() => query(target, "select x from t"), { timeout: 5_000 }).toEqual([{ x: "late" }]);
  stopping.abort();
  await syncing;
});
