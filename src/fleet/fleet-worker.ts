import { createHash, randomBytes } from "node:crypto";
import type { CutoverOptions } from "../api/options.ts";
import { ChangeoverError, messageOf } from "../errors.ts";
import type { Report } from "../log.ts";
import { pause } from "../retry.ts";
import { isConnectionLoss } from "../target/target-error.ts";
import { advance, give } from "./advance.ts";
import { dropState } from "./drop-state.ts";
import { FleetDatabase, type FleetStatements, prepareFleet } from "./fleet-database.ts";
import { type FleetJob, FleetQueue } from "./fleet-queue.ts";
import type { FleetTenant } from "./fleet-tenant.ts";
import { followChanged } from "./follow-changed.ts";
import { readTenants, saveDone, saveFailed } from "./tenant-store.ts";
import { type FleetOptions, workTenant } from "./work-tenant.ts";

export interface FleetWorkerOptions {
  /** What holds for all tenants, and the target. */
  readonly options: FleetOptions;
  /** This machine, as the list of sources names it. */
  readonly host: string;
  /** Tenants at once. */
  readonly concurrency: number;
  readonly cutover?: Pick<CutoverOptions, "maxDowntimeMs">;
  /** `idle`: ends once nothing is to be done. */
  readonly until: "stopped" | "idle";
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Called whenever tenants have come on. */
  readonly onProgress?: () => void;
}

const POLL_MS = 1_000;
/** A worker that died is noticed after that long, and what it had goes to others. */
const ADVANCE_EVERY_MS = 5_000;
const FOLLOW_EVERY_MS = 2_000;
/** Attempts at a tenant whose target or source went away. */
const MAX_ATTEMPTS = 6;
/** What may pass by itself. */
const PASSING = new Set(["SOURCE_BUSY", "TARGET_LOST", "TARGET_UNREACHABLE", "MIGRATIONS_LOCKED", "FENCE_EXPIRED"]);

/** Works on the tenants of a fleet, as one of any number of processes on any number of machines. */
export async function workFleet(given: FleetWorkerOptions): Promise<void> {
  const worker = new FleetWorker(given);
  try {
    await worker.run();
  } finally {
    await worker.close();
  }
}

class FleetWorker {
  readonly #given: FleetWorkerOptions;
  readonly #name: string;
  readonly #key: bigint;
  readonly #database: FleetDatabase;
  readonly #queue: FleetQueue;
  readonly #atWork = new Set<Promise<void>>();
  /** One for each tenant at work: a signal that lived as long as the worker would keep a listener of each. */
  readonly #stops = new Set<AbortController>();

  constructor(given: FleetWorkerOptions) {
    this.#given = given;
    this.#name = `${given.host}:${process.pid}:${randomBytes(3).toString("hex")}`;
    this.#key = createHash("sha256").update(`changeover worker ${this.#name}`).digest().readBigUInt64BE() >> 1n;
    this.#database = new FleetDatabase(given.options.target, async (connection) => {
      await connection.rows("select pg_advisory_lock($1)", [this.#key]);
    });
    this.#queue = new FleetQueue(this.#database);
  }

  async run(): Promise<void> {
    const { concurrency, host, report, signal, until } = this.#given;
    await prepareFleet(this.#given.options.target);
    await this.#queue.start();
    await this.#queue.prepare(host);
    signal.addEventListener("abort", () => this.#stopAll(), { once: true });
    let [advanced, followed] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    while (!signal.aborted) {
      try {
        const now = performance.now();
        if (now - advanced > ADVANCE_EVERY_MS) {
          await advance(this.#database, this.#queue);
          advanced = now;
        }
        if (until === "stopped" && now - followed > FOLLOW_EVERY_MS) {
          await followChanged(this.#database, this.#queue, host);
          followed = performance.now();
        }
        const taken = this.#atWork.size < concurrency ? await this.#take() : null;
        if (taken !== null) {
          this.#start(taken.tenant, taken.job);
          continue;
        }
        if (this.#atWork.size === 0 && until === "idle" && (await this.#isIdle())) return;
      } catch (error) {
        if (!isLost(error)) throw error;
        report({
          kind: "warning",
          code: "TARGET_LOST",
          message: "lost the connection to the target; this worker goes on as soon as it answers",
        });
      }
      await Promise.race([pause(POLL_MS, signal), ...this.#atWork]);
    }
    await Promise.all(this.#atWork);
  }

  #stopAll(): void {
    for (const stop of this.#stops) stop.abort();
  }

  async close(): Promise<void> {
    await this.#queue.stop().catch(() => {});
    await this.#database.close();
  }

  /** The next tenant, if the fleet is not paused and the target takes one more. */
  #take(): Promise<{ readonly tenant: FleetTenant; readonly job: FleetJob } | null> {
    return this.#database.transaction(async (tx) => {
      const [fleet] = await tx.rows<{ open: boolean }>(
        `select f.paused_at is null and f.target_concurrency >
           (select count(*) from changeover_fleet.tenant where work = 'working') as open
         from changeover_fleet.fleet f for update`,
      );
      if (fleet?.open !== true) return null;
      const job = await this.#queue.take(tx, this.#given.host);
      if (job === null) return null;
      const taken = await tx.rows(
        `update changeover_fleet.tenant set work = 'working', worker = $3, worker_key = $4,
           begun_at = clock_timestamp()
         where name = $1 and job = $2::uuid and work = 'waiting' returning name`,
        [job.tenant, job.id, this.#name, this.#key],
      );
      const [tenant] = taken.length === 0 ? [] : await readTenants(tx, "name = $1", [job.tenant]);
      if (tenant !== undefined) return { tenant, job };
      await this.#queue.drop(tx, job);
      return null;
    });
  }

  #start(tenant: FleetTenant, job: FleetJob): void {
    const work = this.#work(tenant, job).catch((error: unknown) => {
      this.#given.report({ kind: "warning", message: `${tenant.name}: ${messageOf(error)}` });
    });
    this.#atWork.add(work);
    void work.then(() => this.#atWork.delete(work));
  }

  async #work(tenant: FleetTenant, job: FleetJob): Promise<void> {
    const { options, report, signal } = this.#given;
    const started = performance.now();
    const stop = new AbortController();
    this.#stops.add(stop);
    const end = (save: (tx: FleetStatements) => Promise<void>) =>
      this.#patiently(() =>
        this.#database.transaction(async (tx) => {
          await save(tx);
          await this.#queue.drop(tx, job);
        }),
      );
    try {
      const worked = await workTenant(tenant, { ...options, signal: stop.signal }, this.#given.cutover);
      await end(async (tx) => {
        const done = { tenant: tenant.name, worker: this.#name, ...worked, workMs: performance.now() - started };
        const saved = await saveDone(tx, done);
        if (saved && (worked.state === "complete" || worked.state === "rolled-back")) await dropState(tx, tenant);
      });
    } catch (error) {
      this.#stops.delete(stop);
      const again = afterSeconds(error, tenant, signal);
      await end(async (tx) => {
        if (again !== null) await this.#again(tx, tenant, again);
        else await saveFailed(tx, { tenant: tenant.name, worker: this.#name, ...reasonOf(error) });
      });
      if (again === null) report({ kind: "warning", message: `${tenant.name} failed: ${reasonOf(error).message}` });
    }
    this.#stops.delete(stop);
    await this.#patiently(() => advance(this.#database, this.#queue));
    this.#given.onProgress?.();
  }

  async #again(tx: FleetStatements, { host, name }: FleetTenant, seconds: number): Promise<void> {
    const mine = await tx.rows(
      `update changeover_fleet.tenant set attempts = attempts + $3::integer
       where name = $1 and work = 'working' and worker = $2 returning name`,
      [name, this.#name, seconds === 0 ? 0 : 1],
    );
    if (mine.length > 0) await give(tx, this.#queue, { name, host, afterSeconds: seconds });
  }

  /** What came of the work is kept, also where the server is away for a while. */
  async #patiently(work: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isLost(error) || this.#given.signal.aborted) throw error;
        await pause(POLL_MS, this.#given.signal);
      }
    }
  }

  async #isIdle(): Promise<boolean> {
    const [row] = await this.#database.rows<{ idle: boolean }>(
      `select (select paused_at is not null from changeover_fleet.fleet) or not exists (
         select from changeover_fleet.tenant
         where work in ('waiting', 'working') or (work is null and wanted is not null and wanted <> state)) as idle`,
    );
    return row?.idle === true;
  }
}

function isLost(error: unknown): boolean {
  return isConnectionLoss(error) || (error instanceof ChangeoverError && error.code === "TARGET_UNREACHABLE");
}

/** Seconds until it is tried again; null: it failed. */
function afterSeconds(error: unknown, { attempts }: FleetTenant, signal: AbortSignal): number | null {
  // Told to stop: another worker takes it.
  if (signal.aborted) return 0;
  const code = error instanceof ChangeoverError ? error.code : "";
  // The run's lock decides: someone else is at it.
  if (code === "RUN_LOCKED") return 5;
  if (!PASSING.has(code) && !isConnectionLoss(error)) return null;
  return attempts >= MAX_ATTEMPTS ? null : 2 ** attempts;
}

function reasonOf(error: unknown): { readonly code: string; readonly message: string } {
  return { code: error instanceof ChangeoverError ? error.code : "UNKNOWN", message: messageOf(error) };
}
