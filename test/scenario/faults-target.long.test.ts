import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { openEmbedded } from "../../src/embedded/embedded.ts";
import { openTarget } from "../../src/target/target.ts";
import { bank, expectEqual, startTransfers, stopped, syncing, untilCaughtUp } from "../support/bank.ts";
import { runCli } from "../support/cli.ts";
import { proxyTo } from "../support/proxy.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

describe("faults of the target and of the way to it", () => {
  it("kill -9 of the PostgreSQL server: it comes back, and the sync goes on by itself", async () => {
    const directory = join(temporaryDirectory(), "postgres");
    const server = await openEmbedded({ directory });
    const url = await server.database("bank");
    const its = await bank(url);
    const transfers = startTransfers(its.application);
    const sync = await syncing(its);
    const [pid] = readFileSync(join(directory, "postmaster.pid"), "utf8").split("\n");
    process.kill(Number(pid), "SIGKILL");
    await sync.saw(/lost the connection to the target/);
    await delay(500);
    const again = await openEmbedded({ directory });
    onTestFinished(async () => {
      await again.release();
      await server.release();
    });
    expect(await again.database("bank")).toBe(url);
    await delay(500);
    await transfers.stop();
    await untilCaughtUp(sync, its, url);
    await expectEqual(its, url);
    await stopped(sync);
  });

  it("the network to the target breaks for seconds: the sync goes on by itself", async () => {
    const url = await emptyDatabase();
    const proxy = await proxyTo(url);
    const its = await bank(proxy.url);
    const transfers = startTransfers(its.application);
    const sync = await syncing(its);
    proxy.cut();
    await sync.saw(/lost the connection to the target/);
    await delay(1_200);
    proxy.heal();
    await delay(300);
    await transfers.stop();
    await untilCaughtUp(sync, its, url);
    await expectEqual(its, url);
    await stopped(sync);
  });

  it("the network to the target says nothing for seconds: the sync goes on where it was", async () => {
    const url = await emptyDatabase();
    const proxy = await proxyTo(url);
    const its = await bank(proxy.url);
    const transfers = startTransfers(its.application);
    const sync = await syncing(its);
    proxy.swallow();
    await delay(1_500);
    proxy.heal();
    await transfers.stop();
    await untilCaughtUp(sync, its, url);
    await expectEqual(its, url);
    await stopped(sync);
  });

  it("the server does not hear that the connection broke: its dead session keeps no lock or rows from us", async () => {
    const url = await emptyDatabase();
    const proxy = await proxyTo(url);
    const its = await bank(proxy.url);
    const transfers = startTransfers(its.application);
    const sync = await syncing(its);
    proxy.abandon();
    await delay(1_000);
    await transfers.stop();
    await untilCaughtUp(sync, its, url);
    await expectEqual(its, url);
    await stopped(sync);
  });

  it("the connection dies and nobody says so: the sync notices, and goes on over a new one", async () => {
    const url = await emptyDatabase();
    const proxy = await proxyTo(url);
    const its = await bank(proxy.url);
    const transfers = startTransfers(its.application);
    const sync = await syncing(its);
    proxy.swallow();
    await delay(500);
    proxy.heal({ oldStayDead: true });
    await transfers.stop();
    await untilCaughtUp(sync, its, url);
    await expectEqual(its, url);
    await stopped(sync);
  });

  it("others lock a table of the target for seconds: the application does not wait, the sync does", async () => {
    const url = await emptyDatabase();
    const its = await bank(url);
    const transfers = startTransfers(its.application);
    const sync = await syncing(its);
    const other = openTarget({ url });
    const session = await other.session();
    await session.run("begin; lock table transfers in access exclusive mode");
    const before = transfers.done;
    await delay(1_500);
    expect(transfers.done - before).toBeGreaterThan(30);
    expect(transfers.longest).toBeLessThan(1_000);
    await session.run("commit");
    await other.close();
    await transfers.stop();
    await untilCaughtUp(sync, its, url);
    await expectEqual(its, url);
    await stopped(sync);
  });

  it("the target's disk is full: the sync stops and says so, and goes on once there is space", async () => {
    const url = await emptyDatabase();
    const its = await bank(url);
    const transfers = startTransfers(its.application);
    const sync = await syncing(its);
    await query(
      url,
      "create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'could not " +
        "extend file: No space left on device' using errcode = '53100'; end $$; " +
        "create trigger full_disk before insert on transfers execute function full_disk()",
    );
    const ended = await sync.ended;
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain("[TARGET_DISK_FULL]");
    await query(url, "drop function full_disk cascade");
    await transfers.stop();
    expect((await runCli(["sync", "--until", "caught-up", ...its.ends], { cwd: its.cwd })).code).toBe(0);
    await expectEqual(its, url);
  });
});
