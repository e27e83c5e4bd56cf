import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Client, createClient } from "@libsql/client";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { askFleet } from "../../src/fleet/ask-fleet.ts";
import { type FleetStatus, fleetStatus } from "../../src/fleet/fleet-status.ts";
import { type RunningCli, startCli } from "../support/cli.ts";
import { makeTenant, plannedFleet, rowsOfFile, rowsOfSchema, workedOff } from "../support/fleet.ts";
import { ownServer } from "../support/own-server.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query, releaseServer } from "../support/target.ts";

afterAll(releaseServer);

const ALL = { tenants: [], wave: null, retry: false } as const;

async function directoryOf(...names: readonly string[]): Promise<string> {
  const directory = temporaryDirectory();
  for (const [index, name] of names.entries()) await makeTenant(join(directory, `${name}.db`), name, 3 + index);
  return directory;
}

describe("a fleet", { timeout: 240_000 }, () => {
  it("goes its whole way, and leaves odd tenants and others' rows alone", async () => {
    const url = await emptyDatabase();
    const directory = await directoryOf("a", "b");
    await makeTenant(
      join(directory, "odd.db"),
      "odd",
      2,
      "CREATE TABLE notes(id INTEGER PRIMARY KEY, body, tenant, price); CREATE TABLE visits(page);",
    );
    writeFileSync(join(directory, "torn.db"), "no database at all, but long enough to be taken for one");
    const fleet = await plannedFleet(url, directory);
    const { database } = fleet;
    expect(await askFleet(database, { action: "run", ...ALL })).toEqual({ asked: 2, passedOver: 2, failed: 0 });
    await workedOff(url, fleet);
    const synced = await fleetStatus(database);
    expect(synced).toMatchObject({ tenants: 4, states: { "in-sync": 2, planned: 2 }, failed: [], working: 0 });
    expect(synced.odd.map(({ name }) => name)).toEqual(["odd", "torn"]);
    expect(synced.nextSteps.map(({ command }) => command)).toContain("changeover fleet cutover --wave 0");

    await askFleet(database, { action: "cutover", ...ALL, wave: 0 });
    await workedOff(url, fleet);
    expect((await fleetStatus(database)).states).toMatchObject({ "in-sync": 1, "cut-over": 1 });
    await query(url, `insert into "a".notes values (100, 'in PostgreSQL', 'a', 1)`);
    await askFleet(database, { action: "rollback", ...ALL, tenants: ["a"] });
    await askFleet(database, { action: "cutover", ...ALL, tenants: ["b"] });
    await workedOff(url, fleet);
    expect((await rowsOfFile(join(directory, "a.db"))).at(-1)).toBe("100|in PostgreSQL|a|1");
    expect(await rowsOfSchema(url, "b")).toEqual(await rowsOfFile(join(directory, "b.db")));

    await askFleet(database, { action: "complete", ...ALL });
    await askFleet(database, { action: "rollback", ...ALL, tenants: ["a"] });
    await workedOff(url, fleet);
    expect((await fleetStatus(database)).states).toMatchObject({ complete: 1, "rolled-back": 1 });
    // What a tenant no longer needs is gone; its history stays.
    const schemas = await query<{ name: string }>(
      url,
      "select nspname as name from pg_namespace where nspname like 'changeover\\_t\\_%'",
    );
    expect(schemas).toEqual([]);
    expect(await query(url, "select distinct tenant from changeover_fleet.tenant_history order by tenant")).toEqual([
      { tenant: "a" },
      { tenant: "b" },
    ]);
    await database.close();
  });
});

/** FLEET_TENANTS=200 npx vitest run --project long test/fleet: the shape of a larger fleet. */
const TENANTS = Number(process.env["FLEET_TENANTS"] ?? 40);
const WRITTEN_TO = 10;
const BAD = ["bad-corrupt", "bad-drifted", "bad-locked", "bad-other", "bad-taken"];

it("many tenants under writes, with workers killed, the server crashed and five bad ones", {
  timeout: 1_800_000,
}, async () => {
  const server = await ownServer();
  onTestFinished(() => server.stop());
  const url = server.url;
  const directory = temporaryDirectory();
  const names = Array.from({ length: TENANTS }, (_, index) => `t${String(index).padStart(4, "0")}`);
  for (const [index, name] of names.entries())
    await makeTenant(join(directory, `${name}.db`), name, 20 + ((index * 37) % 400));
  for (const name of BAD.slice(1)) await makeTenant(join(directory, `${name}.db`), name, 900);
  writeFileSync(join(directory, "bad-corrupt.db"), "x".repeat(8_192));
  await inFile(directory, "bad-other", "ALTER TABLE notes ADD COLUMN more");
  const fleet = await plannedFleet(url, directory, { canary: 2, size: 15, maxFailures: 3 });
  const { database } = fleet;
  // After the plan, so that the runs find it.
  await inFile(directory, "bad-drifted", "ALTER TABLE notes RENAME COLUMN body TO text");
  await query(url, "create schema bad_taken; create table bad_taken.notes(id int)");
  const locker = createClient({ url: `file:${join(directory, "bad-locked.db")}` });
  // A transaction: between two `execute` the client keeps no lock.
  await (await locker.transaction("write")).execute("UPDATE notes SET price = 0 WHERE id = 1");
  onTestFinished(() => locker.close());

  await askFleet(database, { action: "run", ...ALL });
  const disturbance = disturb({
    directory,
    url,
    migrations: fleet.migrationsDirectory,
    names: names.slice(-WRITTEN_TO),
  });
  onTestFinished(async () => void (await disturbance.stop()));
  const good = (status: FleetStatus) => status.waiting + status.working + status.pending === 0;
  await untilStatus(
    () => fleetStatus(database),
    (status) => status.states["in-sync"] === TENANTS,
    "in sync",
  );
  // The server crashes while tenants are followed and written to.
  const [row] = await query<{ pid: number }>(url, "select pg_backend_pid() as pid");
  const victim = await query<{ pid: number }>(
    url,
    `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> ${row?.pid} limit 1`,
  );
  process.kill(victim[0]?.pid ?? 0, "SIGKILL");
  await delay(3_000);
  await untilStatus(
    () => fleetStatus(database),
    (status) => status.failed.length === 3,
    "the bad ones have failed",
  );
  await askFleet(database, { action: "cutover", ...ALL });
  await untilStatus(
    () => fleetStatus(database),
    (status) => status.states["cut-over"] === TENANTS,
    "cut over",
  );
  const written = await disturbance.stop();
  await untilStatus(() => fleetStatus(database), good, "nothing is left to do");

  const status = await fleetStatus(database);
  expect(status.failed.map(({ name }) => name).sort()).toEqual(["bad-drifted", "bad-locked", "bad-taken"]);
  expect(status.odd.map(({ name }) => name)).toEqual(["bad-corrupt", "bad-other"]);
  expect(written.writes).toBeGreaterThan(50);
  expect(written.kills).toBeGreaterThan(2);
  for (const name of names)
    expect(await rowsOfSchema(url, name), name).toEqual(await rowsOfFile(join(directory, `${name}.db`)));
  console.info(`${TENANTS} tenants: ${JSON.stringify({ ...written, downtime: status.downtime })}`);
  await database.close();
});

async function inFile(directory: string, name: string, statement: string): Promise<void> {
  const client = createClient({ url: `file:${join(directory, `${name}.db`)}` });
  await client.execute(statement);
  client.close();
}

async function untilStatus(
  read: () => Promise<FleetStatus>,
  wanted: (status: FleetStatus) => boolean,
  what: string,
): Promise<void> {
  const deadline = performance.now() + 900_000;
  for (let last: unknown = null; ; await delay(1_000)) {
    try {
      const status = await read();
      if (wanted(status)) return;
      last = status;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`not yet: ${what}: ${JSON.stringify(last)}`);
  }
}

interface Disturbed {
  readonly directory: string;
  readonly url: string;
  readonly migrations: string;
  /** Tenants that are written to, until their file refuses. */
  readonly names: readonly string[];
}

/** Two workers, of which one is killed every few seconds, and applications that write. */
function disturb({ directory, migrations, names, url }: Disturbed) {
  const stopped = new AbortController();
  let [writes, kills] = [0, 0];
  const start = () =>
    startCli(
      ["fleet", "work", "--target", url, "--migrations-dir", migrations, "--concurrency", "3", "--max-downtime", "30s"],
      { cwd: directory },
    );
  const killing = (async () => {
    const workers: RunningCli[] = [start(), start()];
    while (!stopped.signal.aborted) {
      await delay(8_000 + Math.random() * 8_000, undefined, { signal: stopped.signal }).catch(() => {});
      if (stopped.signal.aborted) break;
      workers.shift()?.child.kill("SIGKILL");
      kills++;
      workers.push(start());
    }
    for (const { child } of workers) child.kill("SIGTERM");
    await Promise.all(workers.map(({ ended }) => ended));
  })();
  const writing = names.map(async (name) => {
    const client = createClient({ url: `file:${join(directory, `${name}.db`)}`, timeout: 10_000 });
    for (let id = 10_000; !stopped.signal.aborted; id++) {
      if (!(await write(client, name, id))) break;
      writes++;
      await delay(100);
    }
    client.close();
  });
  return {
    async stop() {
      stopped.abort();
      await Promise.all([killing, ...writing]);
      return { writes, kills };
    },
  };
}

/** False once the file says that it was moved. */
async function write(client: Client, name: string, id: number): Promise<boolean> {
  try {
    await client.execute({
      sql: "INSERT INTO notes(id, body, tenant, price) VALUES(?, ?, ?, 1)",
      args: [id, `later ${id}`, name],
    });
    if (id % 3 === 0) await client.execute({ sql: "DELETE FROM notes WHERE id = ?", args: [id - 1] });
    return true;
  } catch (error) {
    // Fenced for a moment, or busy: the same write again.
    if (/state=(fenced|cutting-over)|busy|locked/i.test(String(error))) return write(client, name, id);
    return false;
  }
}
