import { refuseUnmarked } from "../db/change-log.ts";
import { readSchemaVersion } from "../db/schema-version.ts";
import type { Source, SourceReader } from "../db/source.ts";
import { isBusy } from "../db/source-error.ts";
import type { LogMark } from "../model/run.ts";
import { type DriftScope, describeDrift } from "./describe-drift.ts";
import { captureGone, rowidsRenumbered, schemaDrifted } from "./drift-error.ts";
import { captureOwner } from "./install.ts";
import { readSchemaState, type SchemaState } from "./schema-state.ts";

export interface DriftWatch {
  /** What the source is measured against now; to be kept with the run when it changes. */
  readonly known: SchemaState;
  /** The schema was changed and changed back: no row is known to have changed unseen, but one may have. */
  readonly touched: boolean;
  /** Runs in a batch's own snapshot: throws if the source is no longer the captured one. */
  check(tx: SourceReader): Promise<void>;
  /** Our own schema changes (the fence) moved the counter by so much: nobody else's are taken for ours. */
  moved(by: number): void;
  /** Takes a state for the captured one. */
  settle(state: SchemaState): void;
  mark(mark: LogMark): void;
}

export interface DriftOptions extends DriftScope {
  readonly source: Source;
  readonly run: string;
  readonly captured: SchemaState;
}

// The counter tells of every ordinary schema change; writable_schema can change text without it.
const DIGEST_EVERY_MS = 5_000;

/**
 * Watches for changes of the source that capture cannot log: of its schema, and of its state (an older one that was
 * restored).
 */
export function watchDrift(options: DriftOptions): DriftWatch {
  const { source } = options;
  let known = options.captured;
  let touched = false;
  let digested = Number.NEGATIVE_INFINITY;
  return {
    get known() {
      return known;
    },
    get touched() {
      return touched;
    },
    async check(tx) {
      const version = await readSchemaVersion(tx);
      const now = performance.now();
      if (version !== known.version || now - digested > DIGEST_EVERY_MS) {
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
        known = { ...state, ...(known.mark === undefined ? {} : { mark: known.mark }) };
        digested = now;
      }
      if (known.mark !== undefined)
        await refuseUnmarked(tx, known.mark, source.location).catch((error: unknown) => missingLog(error, options));
    },
    moved(by) {
      known = { ...known, version: known.version + by };
    },
    settle(state) {
      touched = false;
      digested = Number.NEGATIVE_INFINITY;
      known = { ...state, ...(known.mark === undefined ? {} : { mark: known.mark }) };
    },
    mark(mark) {
      known = { ...known, mark };
    },
  };
}

/**
 * Whether something moved the counter that the schema does not show: VACUUM, or changes that were undone again. One
 * step is explained by one change beside what is captured: an index, a view, the first ANALYZE.
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
  if (owner?.run !== run) throw captureGone(source.location);
}

function missingLog(error: unknown, { source }: DriftOptions): never {
  if (isBusy(error) || !(error instanceof Error) || !/no such table/.test(error.message)) throw error;
  throw captureGone(source.location);
}
