import { DriftError, InterruptedError, RefusedError } from "../../errors.ts";
import { remap } from "../../follow/remap.ts";
import { areAllLogged } from "../../follow/touched-tables.ts";
import type { FollowSchema } from "../../model/held-table.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Run } from "../../model/run.ts";
import type { TargetSession } from "../../target/target.ts";
import { sampleTable } from "../../verify/sample-table.ts";
import type { TableVerification } from "../../verify/verify-options.ts";
import { verifyTable } from "../../verify/verify-run.ts";
import type { Context } from "../context.ts";
import { mustLoad } from "../require-run.ts";
import { resync } from "../resync/resync.ts";
import { verificationOptions } from "../verification/verification-options.ts";
import { applyAdditive } from "./apply-additive.ts";
import { applyWaiting } from "./apply-waiting.ts";
import { noticeChanges } from "./notice-changes.ts";
import { type ReadyTable, readyTables } from "./ready-tables.ts";
import { type ChangedTable, MOVED_ON, recaptureChanged, rejoinLogged } from "./rejoin-logged.ts";

const LOOK_EVERY_MS = 1_000;
const REFUSED_REST_MS = 10_000;

/** A comparison of a table that stands still, next to the sync of all others. */
interface Comparison {
  readonly id: number;
  /** How many changes of the table it knew of. */
  readonly changes: number;
  readonly abort: AbortController;
  readonly compared: Promise<TableVerification | null>;
  result: TableVerification | null | undefined;
}

/**
 * Follows the source's schema next to a sync: notices what changed, and lets tables that waited flow again once the
 * target has the change. All that it decides lies in the target, so that any process can go on.
 */
export class SchemaFollower {
  readonly #context: Context;
  readonly #session: TargetSession;
  readonly #policy: FollowSchema;
  #looked = performance.now();
  #comparison: Comparison | null = null;
  readonly #refusals = new Map<string, { readonly message: string; readonly until: number }>();

  constructor(context: Context, session: TargetSession, policy: FollowSchema) {
    this.#context = context;
    this.#session = session;
    this.#policy = policy;
  }

  /** Whether there is something to do for which the sync must pause. Asked between two batches. */
  async isDue(run: Run, version: number): Promise<boolean> {
    if (this.#policy === "stop" || run.sourceCatalogue === null) return false;
    if (version !== run.sourceCatalogue.schema.schemaVersion) return true;
    if (run.held.length === 0 || performance.now() - this.#looked < LOOK_EVERY_MS) return false;
    this.#looked = performance.now();
    if (this.#comparison !== null) return this.#comparison.result !== undefined;
    const ready = await readyTables(this.#context, this.#session, run);
    return ready.some((table) => !this.#rests(table));
  }

  /** Whether a sync that stopped for it can go on: what changed is written down, and its tables wait. */
  async takes(error: unknown): Promise<boolean> {
    if (this.#policy === "stop" || !(error instanceof DriftError)) return false;
    if (error.code !== "SCHEMA_DRIFT" && error.code !== "ROWIDS_RENUMBERED") return false;
    const run = await mustLoad(this.#session);
    return run.phase === "syncing" && (await this.#notice(run));
  }

  async #notice(run: Run): Promise<boolean> {
    const written = await noticeChanges(this.#context, this.#session, run);
    if (this.#policy === "apply")
      for (const one of written ?? []) await applyAdditive(this.#context, this.#session, one);
    return written !== null;
  }

  /** Notices what changed and lets flow what is ready. While no batch is under way. */
  async step(): Promise<void> {
    if (this.#policy === "stop") return;
    const run = await mustLoad(this.#session);
    if (run.phase !== "syncing") return;
    const version = await this.#context.source.read(async (tx) => tx.rows("PRAGMA schema_version"));
    if (Number(version[0]?.[0]) !== run.sourceCatalogue?.schema.schemaVersion) await this.#notice(run);
    if (this.#policy === "apply") await applyWaiting(this.#context, this.#session, await mustLoad(this.#session));
    for (const ready of await readyTables(this.#context, this.#session, await mustLoad(this.#session))) {
      const isComparing = this.#comparison !== null && this.#comparison.result === undefined;
      if (!isComparing && !this.#rests(ready))
        await this.#rejoin(ready).catch((error: unknown) => this.#refused(ready, error));
    }
  }

  /** Whether a table was refused a short time ago. */
  #rests({ held }: ReadyTable): boolean {
    return performance.now() < (this.#refusals.get(held.table)?.until ?? 0);
  }

  /** What refuses a table is said once; it waits on, and all others flow. */
  #refused({ held }: ReadyTable, error: unknown): void {
    if (!(error instanceof RefusedError)) throw error;
    if (this.#refusals.get(held.table)?.message !== error.message)
      this.#context.report({ kind: "warning", code: error.code, message: `${held.table} waits on: ${error.message}` });
    this.#refusals.set(held.table, { message: error.message, until: performance.now() + REFUSED_REST_MS });
  }

  /** Waits for a comparison under way, where nobody else would. */
  async ends(): Promise<void> {
    await this.#comparison?.compared.catch(() => null);
  }

  async close(): Promise<void> {
    this.#comparison?.abort.abort();
    await this.ends();
    this.#comparison = null;
  }

  async #rejoin(ready: ReadyTable): Promise<void> {
    const run = await mustLoad(this.#session);
    const { held } = ready;
    if (!run.held.some(({ table }) => table === held.table)) return;
    if (ready.kind !== "changed") return this.#copy(held.now ?? held.table);
    const mapping = remap(ready.before, ready.arrival, ready.table, ready.target);
    if (mapping === null) return this.#copy(ready.table.name);
    const triggers = run.sourceCatalogue?.schema.triggers ?? [];
    const isAllLogged = areAllLogged(held.changes, (name) => triggers.find((each) => each.name === name)?.sql ?? "");
    if (this.#comparison !== null && this.#comparison.changes !== held.changes.length) await this.close();
    const done = this.#comparison?.id === mapping.id ? this.#comparison.result : undefined;
    if (done !== undefined) {
      this.#comparison = null;
      // Too many differ to be named, or it could not be compared as it is: its rows are copied.
      if (done === null || done.more > 0) return this.#copy(ready.table.name);
      return rejoinLogged(this.#context, this.#session, { run, ready, mapping, differences: done.differences });
    }
    const recaptured = await recaptureChanged(this.#context, this.#session, run, [{ mapping, table: ready.table }]);
    if (recaptured === MOVED_ON) return;
    const present = await mustLoad(this.#session);
    if (isAllLogged && (await this.#looksAlike(present, ready, mapping)))
      return rejoinLogged(this.#context, this.#session, { run: present, ready, mapping });
    this.#compare(present, ready, mapping);
  }

  /** Copies its rows again: they cannot be told from what was there before. */
  #copy(table: string): Promise<void> {
    return resync(this.#context, this.#session, [table], { besidePending: true });
  }

  /** Whether earlier rows have the same values on both sides: another tool may choose another default. */
  async #looksAlike(run: Run, { held }: ChangedTable, mapping: TableMapping): Promise<boolean> {
    if (!held.changes.some(({ kind }) => kind === "column-added")) return true;
    const options = { ...verificationOptions(this.#context, this.#session, run), ...standing(held.since) };
    const { differences, more } = await sampleTable(options, mapping);
    return differences.length === 0 && more === 0;
  }

  /** All rows, next to the sync: neither side of the table changes unlogged meanwhile. */
  #compare(run: Run, { held }: ChangedTable, mapping: TableMapping): void {
    const abort = new AbortController();
    const context = this.#context;
    context.report({ kind: "step", message: `comparing ${mapping.source}, whose rows may be others than before` });
    const work = async (): Promise<TableVerification | null> => {
      const session = await context.target.session();
      try {
        const options = verificationOptions(context, session, run);
        return await verifyTable(
          { ...options, ...standing(held.since), signal: AbortSignal.any([context.signal, abort.signal]) },
          mapping,
        );
      } finally {
        await session.close();
      }
    };
    const comparison: Comparison = {
      id: mapping.id,
      changes: held.changes.length,
      abort,
      compared: work(),
      result: undefined,
    };
    this.#comparison = comparison;
    comparison.compared.then(
      (found) => {
        comparison.result = found;
      },
      (error: unknown) => {
        if (error instanceof InterruptedError) this.#comparison = null;
        comparison.result = null;
      },
    );
  }
}

/** The table stands still, however far the others are. */
function standing(since: string): { readonly standsAt: bigint; readonly tooFarBehind: bigint } {
  return { standsAt: BigInt(since), tooFarBehind: 2n ** 62n };
}
