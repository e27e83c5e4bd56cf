import type { LogEpoch } from "../model/run.ts";
import { refuseOtherEpoch } from "../rows/log-entries.ts";
import { readSchemaVersion } from "../source/schema-version.ts";
import type { Source, SourceReader } from "../source/source.ts";
import { isBusy } from "../source/source-error.ts";
import { type DriftScope, describeDrift } from "./describe-drift.ts";
import { captureMissing, rowidsRenumbered, schemaDrifted } from "./drift-error.ts";
import { captureOwner } from "./install.ts";
import { readSchemaState, type SchemaState } from "./schema-state.ts";

export interface DriftWatch {
  /** The state that the source is compared with; to be saved with the run when it changes. */
  readonly known: SchemaState;
  /** The schema was changed and changed back: no unlogged change is known, but there may be one. */
  readonly touched: boolean;
  /** Throws if the source no longer is the captured one. Runs in the snapshot of a batch. */
  check(tx: SourceReader): Promise<void>;
  /**
   * The same, but always reads the schema's text. With thousands of objects this takes time, so it must happen before
   * the fence.
   */
  checkFull(tx: SourceReader): Promise<void>;
  /** Call this after own schema changes (the fence), which moved the schema version by `by`. */
  moved(by: number): void;
  /** Takes a state as the captured one from now on. */
  settle(state: SchemaState): void;
  setEpoch(epoch: LogEpoch): void;
}

export interface DriftOptions extends DriftScope {
  readonly source: Source;
  readonly run: string;
  readonly captured: SchemaState;
}

// The schema version changes with every ordinary schema change; writable_schema can change the schema without it.
const DIGEST_EVERY_MS = 5_000;
/**
 * With thousands of tables a digest blocks this process for hundreds of milliseconds, so it gets at most this share of
 * the time.
 */
const DIGEST_SHARE = 1 / 50;

/**
 * Watches for changes of the source that capture cannot log: of its schema, and of its state (a restored older one).
 */
export function watchDrift(options: DriftOptions): DriftWatch {
  const { source } = options;
  let known = options.captured;
  let touched = false;
  let due = Number.NEGATIVE_INFINITY;
  const check = async (tx: SourceReader, isDue: boolean) => {
    const version = await readSchemaVersion(tx);
    if (version !== known.version || isDue) {
      const began = performance.now();
      const state = await readSchemaState(tx);
      await refuseOtherCapture(tx, options);
      await refuseDrift(tx, known, state, options);
      const bump = bumped(known, state);
      if (bump === "unexplained") {
        const keyless = options.mappings
          .filter(({ identity }) => identity.kind === "rowid")
          .map((mapping) => mapping.source);
        if (keyless.length > 0) throw rowidsRenumbered(keyless);
        touched = true;
      }
      // Keep the same object if nothing changed, so that the caller need not save it.
      if (!isSameState(known, state))
        known = { ...state, ...(known.epoch === undefined ? {} : { epoch: known.epoch }) };
      const now = performance.now();
      due = now + Math.max(DIGEST_EVERY_MS, (now - began) / DIGEST_SHARE);
    }
    if (known.epoch !== undefined)
      await refuseOtherEpoch(tx, known.epoch, source.location).catch((error: unknown) => missingLog(error, options));
  };
  return {
    get known() {
      return known;
    },
    get touched() {
      return touched;
    },
    check: (tx) => check(tx, performance.now() > due),
    checkFull: (tx) => check(tx, true),
    moved(by) {
      known = { ...known, version: known.version + by };
    },
    settle(state) {
      touched = false;
      if (isSameState(known, state)) return;
      due = Number.NEGATIVE_INFINITY;
      known = { ...state, ...(known.epoch === undefined ? {} : { epoch: known.epoch }) };
    },
    setEpoch(epoch) {
      known = { ...known, epoch };
    },
  };
}

function isSameState(one: SchemaState, other: SchemaState): boolean {
  return one.version === other.version && one.digest === other.digest && one.rest === other.rest;
}

/**
 * Whether the schema version moved for a reason that the schema does not show: VACUUM, or a change that was undone. One
 * step is explained by one change to objects outside of capture: an index, a view, the first ANALYZE.
 */
function bumped(known: SchemaState, state: SchemaState): "no" | "explained" | "unexplained" {
  if (state.version === known.version) return "no";
  return state.version === known.version + 1 && (state.rest !== known.rest || state.digest !== known.digest)
    ? "explained"
    : "unexplained";
}

async function refuseDrift(tx: SourceReader, known: SchemaState, state: SchemaState, scope: DriftScope): Promise<void> {
  if (state.digest === known.digest) return;
  const drifts = await describeDrift(tx, known, state, scope);
  if (drifts.length > 0) throw schemaDrifted(drifts);
}

async function refuseOtherCapture(tx: SourceReader, { source, run }: DriftOptions): Promise<void> {
  const owner = await captureOwner(tx);
  if (owner?.run !== run) throw captureMissing(source.location);
}

function missingLog(error: unknown, { source }: DriftOptions): never {
  if (isBusy(error) || !(error instanceof Error) || !/no such table/.test(error.message)) throw error;
  throw captureMissing(source.location);
}
