import { execFile } from "node:child_process";
import { setImmediate as turn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient } from "@libsql/client/sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { checkpointConcurrently } from "../../src/source/checkpoint-concurrently.ts";
import { openSource } from "../../src/source/source.ts";
import { sqliteFile } from "../support/source.ts";

const WRITER = fileURLToPath(new URL("../support/restless-writer.mjs", import.meta.url));
const SECONDS = 90;
/** As often as something is written besides. */
const CHECKPOINTS = 20;

// Plain checkpoints in their place damage the file within that time.
it("checkpoints in a loop, with our writes, corrupt nothing alongside a writer at full speed", async () => {
  const { path, application } = await sqliteFile(
    "CREATE TABLE written(n INTEGER PRIMARY KEY, note TEXT); CREATE INDEX notes ON written(note, n); " +
      "CREATE TABLE ours(n INTEGER PRIMARY KEY)",
  );
  const source = openSource({ url: path });
  const client = createClient({ url: `file:${path}`, concurrency: 2 });
  onTestFinished(() => (source.close(), client.close()));
  let writing = true;
  const writer = promisify(execFile)(process.execPath, [WRITER, path, String(SECONDS)]).finally(
    () => (writing = false),
  );
  let checkpoints = 0;
  let written = 0;
  for (; writing; checkpoints++) {
    await checkpointConcurrently(client, { wal: `${path}-wal` });
    await turn();
    if (checkpoints % CHECKPOINTS !== 0) continue;
    await source.write((tx) => tx.run("INSERT INTO ours DEFAULT VALUES"), { durable: false });
    written++;
  }
  const { stdout } = await writer;
  expect(checkpoints).toBeGreaterThan(1_000);
  expect((await application.execute("PRAGMA integrity_check")).rows[0]?.[0]).toBe("ok");
  expect(
    (await application.execute("SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM ours)")).rows[0],
  ).toMatchObject({ 0: BigInt(stdout.trim()), 1: BigInt(written) });
}, 300_000);
