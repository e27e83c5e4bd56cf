import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { RefusedError, UsageError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import { isSameSource } from "../model/source-identity.ts";
import { copySource } from "../source/copy-source.ts";
import { identifyFile } from "../source/file-identity.ts";
import { processesHolding } from "../source/processes-holding.ts";
import { openSource } from "../source/source.ts";
import { loadRun } from "../target/store/run-store.ts";
import { type Context, withSession } from "./context.ts";
import { isSourceOf } from "./source-door/source-door.ts";

export interface RehearsalCopy {
  readonly path: string;
  /** It was made just now, from the source. */
  readonly isMade: boolean;
}

/**
 * The copy that a rehearsal may write to: the file that is there, once it is known not to be the application's, else
 * one that is made from the source.
 */
export async function copyForRehearsal(context: Context, file: string): Promise<RehearsalCopy> {
  const path = resolve(file);
  const isMade = !existsSync(path);
  if (isMade) {
    if (!context.hasSource) throw missing(path);
    const { bytes } = await copySource(context.source, path, context.report);
    context.report({ kind: "step", message: `copied ${context.source.location} to ${path}, ${bytes} bytes` });
  }
  refuseLive(context, path, await withSession(context, loadRun));
  await refuseDamaged(path);
  return { path, isMade };
}

function refuseLive(context: Context, path: string, run: Run | null): void {
  const identity = identifyFile(path);
  const isGiven = context.hasSource && isSameSource(context.source.identity, identity, false);
  if (isGiven || (run !== null && isSourceOf(run, identity)))
    throw new UsageError({
      code: "COPY_IS_THE_SOURCE",
      message: `${path} is the source itself, and a rehearsal writes to its copy`,
      hint:
        "give --copy another name: where no file is, a copy of the source is made there, while the " +
        "application writes",
      context: { file: path },
    });
  const { device, inode } = identity;
  const [holder] = inode === null ? [] : processesHolding({ device, inode });
  if (holder !== undefined)
    throw new RefusedError({
      code: "COPY_IN_USE",
      message: `process ${holder.pid} (${holder.command}) has ${path} open, and a rehearsal fences it`,
      hint: "give --copy a file that no application uses",
      context: { file: path, pid: holder.pid },
    });
}

/** `cp` alongside a writer may leave a file that is of no single moment. */
async function refuseDamaged(path: string): Promise<void> {
  const copy = openSource({ url: path });
  try {
    const [verdict] = await copy.read((tx) => tx.rows("PRAGMA quick_check(1)"));
    if (verdict?.[0] === "ok") return;
  } finally {
    copy.close();
  }
  throw new RefusedError({
    code: "COPY_DAMAGED",
    message:
      `${path} is damaged: a plain copy of a database that is written to, or without its -wal, is of no ` +
      `single moment`,
    hint:
      "remove it and run the same command with --source: it is made soundly then (or with `sqlite3 " +
      "app.db '.backup copy.db'`)",
    context: { file: path },
  });
}

function missing(path: string): UsageError {
  return new UsageError({
    code: "COPY_NOT_FOUND",
    message: `there is no file ${path}, and no source to copy`,
    hint: "give --copy the path of a copy of the database; with --source, it is made where it is missing",
    context: { file: path },
  });
}
