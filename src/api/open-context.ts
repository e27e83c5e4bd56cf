import { UsageError } from "../errors.ts";
import { reportTo } from "../events.ts";
import { type Report, silent } from "../log.ts";
import { refuseUnknownCodes } from "../model/refuse-unknown-codes.ts";
import { mergeRules } from "../model/rules.ts";
import type { Context } from "../run/context.ts";
import type { MigrationPlace } from "../schema/migrate/migration-place.ts";
import { migrationsTableNamed } from "../schema/migrate/migrations-table.ts";
import { openSource, type Source, type SourceLoadSignal } from "../source/source.ts";
import { runUrl } from "../target/connection/render-connection.ts";
import { openTarget } from "../target/target.ts";
import { type LockWait, Throttle } from "../throttle/throttle.ts";
import type { LoadSignal } from "../throttle/throttle-policy.ts";
import { IdleWorkers } from "../workers/idle-workers.ts";
import type { MigrationOptions } from "./options.ts";

/** What all methods of a migration work with. Neither side is opened before it is used. */
export function openContext(options: MigrationOptions, report = reportOf(options)): Context {
  refuseUnknownCodes(options.rules?.accept);
  const stop = new AbortController();
  const { signal } = stop;
  if (options.signal?.aborted === true) stop.abort();
  options.signal?.addEventListener("abort", () => stop.abort(), { once: true });
  const throttle = new Throttle({ maxRate: options.maxRate ?? null, report, signal });
  const observe = (seen: LoadSignal | LockWait) => throttle.observe(seen);
  const targetUrl = runUrl(options.target, options);
  let source: Source | undefined;
  // How long we read a file says nothing of those who write to it: `watchApplication` sees to them.
  const observeSource = (seen: SourceLoadSignal) => {
    if (seen.kind === "write" && source?.kind === "file") throttle.meter.applicationWaited(seen.durationMs);
    if (seen.kind === "busy" || seen.kind === "lock" || (seen.kind === "read" && source?.kind === "remote"))
      observe(seen);
  };
  return {
    get source() {
      source ??= openGiven(options, { signal, observe: observeSource });
      return source;
    },
    hasSource: options.source !== undefined,
    sourceMoved: options.sourceMoved === true,
    onlySource: options.onlySource === true,
    closeSource: () => source?.close(),
    stop: () => stop.abort(),
    target: openTarget({ url: targetUrl, observe }),
    targetUrl,
    migrationsDirectory: options.migrationsDirectory ?? "migrations",
    migrations: migrationPlace(options),
    rules: mergeRules(options.rules ?? {}, {
      tables: Object.fromEntries((options.exclude ?? []).map((table) => [table, { exclude: true }])),
    }),
    types: options.types ?? "plain",
    names: options.names ?? "keep",
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.integers === undefined ? {} : { integers: options.integers }),
    collationChoice: options.collation ?? "C",
    throttle,
    jobs: options.jobs ?? null,
    idleWorkers: new IdleWorkers(),
    report,
    signal,
    keepsHistory: true,
    ...(options.sourceJournal === undefined ? {} : { sourceJournal: options.sourceJournal }),
  };
}

function reportOf({ onEvent }: MigrationOptions): Report {
  return onEvent === undefined ? silent : reportTo(onEvent, "inspect");
}

function openGiven(
  { source, sourceAuthToken }: MigrationOptions,
  settings: Pick<Parameters<typeof openSource>[0], "signal" | "observe">,
): Source {
  if (source === undefined)
    throw new UsageError({
      code: "SOURCE_MISSING",
      message: "no source is given",
      hint: "give --source path/to/app.db, or set CHANGEOVER_SOURCE",
    });
  return openSource({
    url: source,
    ...settings,
    ...(sourceAuthToken === undefined ? {} : { authToken: sourceAuthToken }),
  });
}

function migrationPlace(options: MigrationOptions): MigrationPlace {
  const { decamelize, ignorePattern, migrationsDirectory, migrationsSchema, migrationsTable, useGlob } = options;
  return {
    directory: migrationsDirectory ?? "migrations",
    migrationsTable: migrationsTableNamed({ schema: migrationsSchema, name: migrationsTable }),
    ...(ignorePattern === undefined ? {} : { ignorePattern }),
    useGlob: useGlob === true,
    decamelize: decamelize === true,
  };
}
