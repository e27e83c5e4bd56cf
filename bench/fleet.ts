import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openEmbedded } from "../src/embedded/embedded.ts";
import { askFleet } from "../src/fleet/ask-fleet.ts";
import { workFleet } from "../src/fleet/fleet-worker.ts";
import { stampOf } from "../src/fleet/work-tenant.ts";
import { makeTenant, plannedFleet } from "../test/support/fleet.ts";

/**
 * What a tenant costs, with so many of them: node --import jiti/register bench/fleet.ts 50 200. `idle:1000` measures
 * only what a thousand cost that are in sync.
 */
const IDLE_MS = 20_000;

for (const given of process.argv.slice(2)) await measure(Number(given.replace("idle:", "")), given.startsWith("idle:"));
process.exit(0);

async function measure(count: number, isIdleOnly: boolean): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "fleet-bench-"));
  const embedded = await openEmbedded({ directory: join(directory, "server") });
  const url = await embedded.database("fleet");
  const names = Array.from({ length: count }, (_, index) => `t${String(index).padStart(5, "0")}`);
  for (const name of names) await makeTenant(join(directory, `${name}.db`), name, 20);
  const fleet = await plannedFleet(url, directory, { canary: 0, size: 100_000 });
  const { database } = fleet;
  const transactions = async () => {
    await delay(1_500);
    const [row] = await database.rows<{ n: string }>(
      "select (xact_commit + xact_rollback)::text as n from pg_stat_database where datname = current_database()",
    );
    return Number(row?.n ?? 0);
  };
  if (!isIdleOnly) {
    const [cpu, began, sent] = [cpuMs(), performance.now(), await transactions()];
    await askFleet(database, { action: "run", tenants: [], wave: null, retry: false });
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, files())), 50);
    await work(url, fleet.migrationsDirectory, "idle", new AbortController().signal);
    clearInterval(watch);
    const [size] = await database.rows<{ bytes: number; relations: number }>(
      "select pg_database_size(current_database())::float8 as bytes, (select count(*)::int from pg_class) as relations",
    );
    say(count, "run", {
      "cpu ms each": (cpuMs() - cpu) / count,
      "wall ms each": (performance.now() - began) / count,
      "transactions each": ((await transactions()) - sent) / count,
      "rss MB": process.memoryUsage().rss / 1e6,
      "most files": peak,
      "kB in the target each": (size?.bytes ?? 0) / count / 1_000,
      "relations each": (size?.relations ?? 0) / count,
    });
  } else {
    const stamps = names.map((name) => stampOf(join(directory, `${name}.db`)) ?? "");
    await database.rows(
      `update changeover_fleet.tenant t set state = 'in-sync', wanted = 'in-sync', stamp = s.stamp, ended_at = now()
       from unnest($1::text[], $2::text[]) as s(name, stamp) where t.name = s.name`,
      [names, stamps],
    );
  }
  const stop = new AbortController();
  const worker = work(url, fleet.migrationsDirectory, "stopped", stop.signal);
  await delay(5_000);
  const [cpu, sent, began] = [cpuMs(), await transactions(), performance.now()];
  await delay(IDLE_MS);
  const seconds = (performance.now() - began) / 1_000;
  say(count, "idle", {
    "cpu ms a second": (cpuMs() - cpu) / seconds,
    "transactions a second": ((await transactions()) - sent) / seconds,
    "rss MB": process.memoryUsage().rss / 1e6,
    files: files(),
  });
  stop.abort();
  await worker;
  await database.close();
  await embedded.release();
  rmSync(directory, { recursive: true, force: true });
}

function work(target: string, migrationsDirectory: string, until: "idle" | "stopped", signal: AbortSignal) {
  return workFleet({
    options: { target, migrationsDirectory },
    ...{ host: "here", concurrency: 2, until, signal },
    report: (event) => "message" in event && console.warn(event.message),
  });
}

function say(count: number, what: string, figures: Readonly<Record<string, number>>): void {
  const shown = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(1)}`);
  console.info(`${count} tenants, ${what}: ${shown.join(", ")}`);
}

function cpuMs(): number {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1_000;
}

function files(): number {
  return readdirSync("/proc/self/fd").length;
}
