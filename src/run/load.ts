import { InterruptedError } from "../errors.ts";
import { readCatalogue } from "../inspect/read-catalogue.ts";
import { keyColumns, type TableMapping } from "../model/mapping.ts";
import type { Run } from "../model/run.ts";
import { pgName, pgTable } from "../quote.ts";
import { lastLogged } from "../rows/log-entries.ts";
import { sql } from "../sql.ts";
import { analyzeAll } from "../target/analyze.ts";
import type { Deferred } from "../target/deferred/deferred-objects.ts";
import { restoreDeferred } from "../target/deferred/restore-deferred.ts";
import { setPhase } from "../target/store/run-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import type { Context } from "./context.ts";
import { copyAll } from "./copy-all.ts";
import { sessionsFor } from "./on-workers.ts";
import { mustLoad } from "./require-run.ts";
import { catchUp } from "./sync.ts";
import { whileWatched } from "./watch-application.ts";
import { yieldRunLock } from "./yield-run-lock.ts";

/**
 * The bulk load, from wherever it stands: the pages that are missing, then the keys' indexes, the first
 * catch-up, and all other deferred objects but foreign keys and triggers.
 */
export async function load(context: Context, session: TargetSession): Promise<Run> {
  const run = await mustLoad(session);
  if (run.phase !== "new" && run.phase !== "copying") return run;
  if (!(await whileWatched(context, run, () => copyAll(context, session, run)))) {
    // Whoever had the run may have changed the tables.
    await yieldRunLock(context, session);
    return load(context, session);
  }
  const sessions = { first: session, target: context.target, max: sessionsFor(context) };
  const onKey = ({ name, relation }: Deferred) =>
    context.report({ kind: "step", message: `building ${name} on ${relation}` });
  const onEach = (object: Deferred) => {
    if (context.signal.aborted) throw new InterruptedError();
    onKey(object);
  };
  const targets = run.mappings.map(({ target }) => target);
  // Replay needs the keys and is slower for the others. Where there is nothing to replay, nobody need wait for the last
  // key.
  const isStill =
    !run.captured || (!context.signal.aborted && (await context.source.read(lastLogged)) <= run.watermark);
  await restoreDeferred(sessions, run.id, isStill ? ["copied", "caught-up"] : ["copied"], {
    onEach: isStill ? onEach : onKey,
    analyzed: targets,
  });
  await ensureKeys(session, run.mappings);
  if (run.captured) {
    context.report({ kind: "step", message: "catching up with what was written during the copy" });
    await catchUp(context, session);
    await restoreDeferred(sessions, run.id, ["caught-up"], { onEach });
  }
  const counted = await session.rows<{ has: boolean }>(sql("target/tables-with-expressions"), [targets.map(pgTable)]);
  await analyzeAll(
    sessions,
    targets.filter((_, index) => counted[index]?.has === true),
  );
  if (run.captured) await setPhase(session, run.id, "syncing");
  return mustLoad(session);
}

/**
 * Replay finds rows by a unique index on the key; where the target's own schema has none, one of ours serves until the
 * cutover.
 */
export async function ensureKeys(session: TargetTransaction, mappings: readonly TableMapping[]): Promise<void> {
  const catalogue = await readCatalogue(session);
  const tables = new Map(catalogue.tables.map((table) => [pgTable(table), table]));
  const missing = mappings.filter((mapping) => {
    const keys = keyColumns(mapping).map(({ target }) => target);
    const known = tables.get(pgTable(mapping.target))?.keys ?? [];
    return !known.some((columns) => columns.length === keys.length && columns.every((column) => keys.includes(column)));
  });
  for (let from = 0; from < missing.length; from += KEYS_AT_ONCE)
    await session.run(
      missing
        .slice(from, from + KEYS_AT_ONCE)
        .map(renderOwnKey)
        .join(";\n"),
    );
}

/** In one message, which is one transaction. */
const KEYS_AT_ONCE = 32;

function renderOwnKey(mapping: TableMapping): string {
  const keys = keyColumns(mapping).map(({ target }) => pgName(target));
  return (
    `create unique index if not exists ${pgName(ownKeyName(mapping))} on ${pgTable(mapping.target)} ` +
    `(${keys.join(", ")})`
  );
}

/** Name of the unique index that we add where the target has none on the key. */
export function ownKeyName(mapping: TableMapping): string {
  return `_changeover_key_${mapping.id}`;
}
