import type { Source, SourceReader } from "../db/source.ts";
import { statSync } from "node:fs";
import { DriftError } from "../errors.ts";
import { PREFIX } from "../model/change-log.ts";
import type { TableMapping } from "../model/mapping.ts";
import { type SchemaState, readSchemaState, readSchemaVersion } from "./schema-state.ts";

export interface DriftWatch {
  /** Runs in a batch's own snapshot: throws if the schema is no longer the captured one. */
  check(tx: SourceReader): Promise<void>;
  /** Our own schema change (the fence) moved the counter: take the present state for the captured one. */
  accept(tx: SourceReader): Promise<void>;
}

// The counter tells of every ordinary schema change; writable_schema can change text without it.
const DIGEST_EVERY_MS = 5_000;

/** Watches for changes of the source's schema since capture was installed. Row by row, capture would miss them. */
export function watchDrift(source: Source, captured: SchemaState, mappings: readonly TableMapping[]): DriftWatch {
  const inode = inodeOf(source);
  let known = captured;
  let digested = 0;
  return {
    async check(tx) {
      if (inodeOf(source) !== inode) throw replaced(source);
      const version = await readSchemaVersion(tx);
      const now = performance.now();
      if (version === known.version && now - digested < DIGEST_EVERY_MS) return;
      const state = await readSchemaState(tx);
      if (state.digest !== known.digest) throw drifted(known, state, mappings);
      if (state.version !== known.version) refuseRenumbered(mappings);
      known = state;
      digested = now;
    },
    async accept(tx) {
      known = await readSchemaState(tx);
    },
  };
}

function inodeOf(source: Source): string {
  if (source.path === null) return "";
  const stat = statSync(source.path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? "gone" : `${stat.dev}:${stat.ino}`;
}

function replaced(source: Source): DriftError {
  return new DriftError({
    code: "SOURCE_REPLACED",
    message: `${source.location} is another file than when this process opened it: changes to the new one were not seen`,
    hint: "stop, put the captured file back in place, and run the same command again; or start over with `changeover rollback`",
    context: { location: source.location },
  });
}

function drifted(before: SchemaState, now: SchemaState, mappings: readonly TableMapping[]): DriftError {
  const names = new Set([...Object.keys(before.tables), ...Object.keys(now.tables)]);
  const changed = [...names].filter((name) => before.tables[name] !== now.tables[name] && !name.startsWith(PREFIX));
  const captured = changed.filter((name) => mappings.some(({ source }) => source === name));
  const tables = captured.length > 0 ? captured : changed;
  return new DriftError({
    code: "SCHEMA_DRIFT",
    message: `the source's schema changed since capture was installed: ${tables.length === 0 ? "the capture's own objects" : `table ${tables.join(", ")}`}. Changes to it may not have been logged, so nothing more was brought over`,
    hint: "undo the schema change, or make it in the target too and start over: `changeover rollback`, then `changeover full`",
    context: { tables },
  });
}

/** VACUUM renumbers rowids that are no INTEGER PRIMARY KEY, no trigger fires, and only the counter tells (as it does of ANALYZE). */
function refuseRenumbered(mappings: readonly TableMapping[]): void {
  const tables = mappings.filter(({ identity }) => identity.kind === "rowid").map(({ source }) => source);
  if (tables.length === 0) return;
  throw new DriftError({
    code: "ROWIDS_RENUMBERED",
    message: `VACUUM (or ANALYZE) ran in the source, and it may have renumbered the rows of tables without a key: ${tables.join(", ")}`,
    hint: "start over with `changeover rollback`, then `changeover full`, and run no VACUUM meanwhile; or give those tables a primary key",
    context: { tables },
  });
}
