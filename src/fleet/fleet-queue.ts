import { createHash, randomUUID } from "node:crypto";
import PgBoss from "pg-boss";
import type { TargetParameter } from "../target/target.ts";
import type { FleetDatabase, FleetStatements } from "./fleet-database.ts";

/** The queue's own schema; its name is one that every run leaves out. */
const QUEUE_SCHEMA = "changeover_queue";
const ANY_HOST = "any";

/** A tenant to work on. */
export interface FleetJob {
  readonly id: string;
  readonly queue: string;
  readonly tenant: string;
}

/**
 * Hands tenants to workers, by pg-boss. Jobs are sent and taken in the transactions that change the tenants' rows, so
 * the two never differ. A worker that died is found by its advisory lock; pg-boss's own maintenance is not needed.
 */
export class FleetQueue {
  readonly #boss: PgBoss;
  readonly #made = new Set<string>();

  constructor(database: FleetDatabase) {
    this.#boss = new PgBoss({
      db: executorOf(database),
      schema: QUEUE_SCHEMA,
      supervise: false,
      schedule: false,
    });
    // Errors are thrown where they arise; without a listener Node would end the process for them.
    this.#boss.on("error", () => {});
  }

  /** Makes the queue's schema where it is missing. */
  async start(): Promise<void> {
    await this.#boss.start();
    await this.prepare(null);
  }

  /** Makes the queue of a host: before a transaction that sends to it. */
  async prepare(host: string | null): Promise<void> {
    const queue = queueOf(host);
    if (this.#made.has(queue)) return;
    if ((await this.#boss.getQueue(queue)) === null) await this.#boss.createQueue(queue);
    this.#made.add(queue);
  }

  /** Puts a tenant into the queue of its host; returns the job. */
  async send(tx: FleetStatements, tenant: string, host: string | null, afterSeconds = 0): Promise<FleetJob> {
    const [id, queue] = [randomUUID(), queueOf(host)];
    const options = { id, db: executorOf(tx), retryLimit: 0, expireInHours: 23, keepUntil: farOff() };
    await this.#boss.send(queue, { tenant }, afterSeconds === 0 ? options : { ...options, startAfter: afterSeconds });
    return { id, queue, tenant };
  }

  /** The next tenant for a host: first one that only it can open. */
  async take(tx: FleetStatements, host: string): Promise<FleetJob | null> {
    for (const queue of [queueOf(host), queueOf(null)]) {
      if (queue !== queueOf(null) && !this.#made.has(queue)) continue;
      const [job] = await this.#boss.fetch<{ tenant: string }>(queue, { batchSize: 1, db: executorOf(tx) });
      if (job !== undefined) return { id: job.id, queue, tenant: job.data.tenant };
    }
    return null;
  }

  /** A job that is done, or void. */
  async drop(tx: FleetStatements, { id, queue }: Pick<FleetJob, "id" | "queue">): Promise<void> {
    await this.#boss.deleteJob(queue, id, { db: executorOf(tx) });
  }

  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: false, close: false });
  }
}

/** A job waits as long as it must: a paused fleet loses none. */
function farOff(): Date {
  return new Date(Date.now() + 365 * 24 * 3_600_000);
}

/** Names of queues are limited to letters, digits, - and _. */
function queueOf(host: string | null): string {
  if (host === null) return ANY_HOST;
  return `host-${createHash("sha256").update(host).digest("hex").slice(0, 16)}`;
}

function executorOf(statements: FleetStatements): PgBoss.Db {
  return {
    async executeSql(text: string, values: readonly TargetParameter[] = []) {
      if (values.length > 0 || !/^\s*begin;/i.test(text)) return { rows: await statements.rows(text, values) };
      await statements.run(text);
      return { rows: [] };
    },
  };
}
