import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { askFleet, pauseWholeFleet } from "../../src/fleet/ask-fleet.ts";
import { fleetReader } from "../../src/fleet/fleet-reader.ts";
import { fleetStatus } from "../../src/fleet/fleet-status.ts";
import { makeTenant, plannedFleet, workedOff } from "../support/fleet.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query, releaseServer } from "../support/target.ts";

afterAll(releaseServer);

const ALL = { tenants: [], wave: null, retry: false } as const;

async function directoryOf(...names: readonly string[]): Promise<string> {
  const directory = temporaryDirectory();
  for (const [index, name] of names.entries()) await makeTenant(join(directory, `${name}.db`), name, 3 + index);
  return directory;
}

describe("a fleet", { timeout: 120_000 }, () => {
  it("begins no later wave when its canary fails, and goes on when that is mended", async () => {
    const url = await emptyDatabase();
    const directory = await directoryOf("a", "b");
    const fleet = await plannedFleet(url, directory);
    const { database } = fleet;
    // Someone's table stands in the way of the canary.
    await query(url, 'create schema "a"; create table "a".notes(id int); insert into "a".notes values (1)');
    await askFleet(database, { action: "run", ...ALL });
    await workedOff(url, fleet);
    const stopped = await fleetStatus(database);
    expect(stopped).toMatchObject({ paused: { by: "changeover", why: "canary" }, states: { planned: 2 }, pending: 1 });
    expect(stopped.failed).toMatchObject([{ name: "a", code: "MIGRATION_FAILED" }]);
    await query(url, 'drop table "a".notes');
    expect(await askFleet(database, { action: "run", ...ALL, retry: true })).toMatchObject({ asked: 2 });
    await workedOff(url, fleet);
    expect(await fleetStatus(database)).toMatchObject({ states: { "in-sync": 2 }, failed: [], paused: null });
    await database.close();
  });

  it("takes nothing while it is paused, and gives what a dead worker had to another", async () => {
    const url = await emptyDatabase();
    const fleet = await plannedFleet(url, await directoryOf("a"));
    const { database } = fleet;
    const reader = fleetReader(url);
    expect(await reader.read()).toMatchObject({ states: { planned: 1 }, underWay: [] });
    await askFleet(database, { action: "run", ...ALL });
    await pauseWholeFleet(database, "me");
    await workedOff(url, fleet);
    expect(await fleetStatus(database)).toMatchObject({ waiting: 1, paused: { by: "me", why: "asked" } });
    // As a worker leaves it that was killed: its lock is gone.
    await query(
      url,
      "update changeover_fleet.tenant set work = 'working', worker = 'dead', worker_key = 1 where name = 'a'",
    );
    expect(await reader.read()).toMatchObject({ working: 1, underWay: [{ name: "a", wanted: "in-sync", wave: 0 }] });
    await reader.close();
    await askFleet(database, { action: "run", ...ALL });
    await workedOff(url, fleet);
    expect(await fleetStatus(database)).toMatchObject({ states: { "in-sync": 1 }, working: 0, waiting: 0 });
    await database.close();
  });
});
