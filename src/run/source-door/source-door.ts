import { existsSync, realpathSync } from "node:fs";
import { hostname } from "node:os";
import { basename } from "node:path";
import { captureMissing } from "../../capture/drift-error.ts";
import { captureOwner } from "../../capture/install.ts";
import type { Run } from "../../model/run.ts";
import { isSameSource, type SourceIdentity } from "../../model/source-identity.ts";
import { lastLogged, refuseOtherEpoch, refuseRewound } from "../../rows/log-entries.ts";
import { prepareRunStore } from "../../schema/migrate/prepare-run-store.ts";
import { placeOf } from "../../source/file-identity.ts";
import { releaseRunLock, runLockedError, tryRunLock } from "../../target/store/run-lock.ts";
import { loadRun, setSource } from "../../target/store/run-store.ts";
import { setVerified } from "../../target/store/verified-store.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Context } from "../context.ts";
import { recorded } from "../record-command.ts";
import { anotherFile, foreignRun, moveUnproved, oldSourceThere, otherName } from "../source-refusals.ts";
import { lookForOldSource } from "./old-source.ts";

export interface DoorOptions {
  /** False where a command ends the run, and reads no more of the source: an older state of it will do. */
  readonly readsRows: (run: Run) => boolean;
}

/**
 * Through which every command of a run comes to its source: throws unless it is the file that the run has read so far.
 * A file that was moved becomes the run's source here, once the old one is known to be out of use. Does nothing where
 * no run has begun.
 */
export async function passDoor(context: Context, session: TargetSession, options: DoorOptions): Promise<void> {
  const run = await loadRun(session);
  if (run === null) return;
  const now = context.source.identity;
  const known = knownSource(run);
  if (isSourceOf(run, now)) {
    refuseOtherName(known, now);
    return;
  }
  if (context.sourceMoved !== true) {
    await refuseUncaptured(context, run, known);
    // At the recorded path, what became of the file is worth more than that it is another one.
    if (isSamePath(known, now)) await refuseForeign(context, run, options);
    throw anotherFile(known, now);
  }
  await refuseForeign(context, run, options);
  const old = await lookForOldSource(known, now, run.id);
  if (old.kind === "still-there") throw oldSourceThere(old);
  if (old.kind === "unseen" && context.onlySource !== true) throw moveUnproved(known, old.why);
  await move(context, session, run, known);
}

/**
 * Keeps up with a file that moved within its file system, or whose disk has another number since a restart. Under the
 * lock.
 */
export async function recordSource(context: Context, session: TargetSession): Promise<void> {
  const run = await loadRun(session);
  if (run === null) return;
  const { identity, location } = context.source;
  const known = run.sourceIdentity;
  // A container's view of a file must not take the place of its host's.
  const isOtherHost = known?.kind === "file" && identity.kind === "file" && known.host !== identity.host;
  if (isOtherHost || JSON.stringify(known) === JSON.stringify(identity)) return;
  await setSource(session, run.id, { location, identity });
}

/** Whether it is the file, or the server, that the run has read so far. */
export function isSourceOf(run: Run, now: SourceIdentity): boolean {
  const known = knownSource(run);
  return isSameSource(known, now, leadsTo(known, now));
}

/** A run of an older version knows a path alone. */
function knownSource(run: Run): SourceIdentity {
  if (run.sourceIdentity !== null) return run.sourceIdentity;
  if (/^[a-z]+:\/\//.test(run.source)) return { kind: "server", url: run.source };
  const path = existsSync(run.source) ? realpathSync(run.source) : run.source;
  const unknown = { boot: null, device: "", inode: null, born: null, directory: null };
  return { kind: "file", path, host: hostname(), ...unknown };
}

function leadsTo(known: SourceIdentity, now: SourceIdentity): boolean {
  return known.kind === "file" && now.kind === "file" && placeOf(known.path) === `${now.device}:${now.inode ?? 0}`;
}

function isSamePath(known: SourceIdentity, now: SourceIdentity): boolean {
  return known.kind === "file" && now.kind === "file" && known.path === now.path;
}

function refuseOtherName(known: SourceIdentity, now: SourceIdentity): void {
  if (known.kind === "server" || now.kind === "server" || known.path === now.path || !leadsTo(known, now)) return;
  if (known.directory !== now.directory || basename(known.path) !== basename(now.path)) throw otherName(known, now);
}

/** A database that has nothing to do with the run, rather than a copy of its source. */
async function refuseUncaptured({ source }: Context, run: Run, known: SourceIdentity): Promise<void> {
  if (!run.captured || run.sourceSchema === null || isSamePath(known, source.identity)) return;
  const owner = await source.read(captureOwner);
  if (owner?.run !== run.id) throw foreignRun(run.source, owner);
}

/** What is no source of this run at all, or an older state of it, is said as such. */
async function refuseForeign({ source }: Context, run: Run, options: DoorOptions): Promise<void> {
  const owner = await source.read(captureOwner);
  if (owner !== null && owner.run !== run.id) throw foreignRun(run.source, owner);
  if (!run.captured || run.sourceSchema === null || !options.readsRows(run)) return;
  if (owner === null) throw captureMissing(source.location);
  const { epoch } = run.sourceSchema;
  await source.read(async (tx) => {
    if (epoch !== undefined) await refuseOtherEpoch(tx, epoch, source.location);
    refuseRewound(await lastLogged(tx), run.watermark, source.location);
  });
}

/** Under the run's lock: a process that is at work reads the old file. */
async function move(context: Context, session: TargetSession, run: Run, known: SourceIdentity): Promise<void> {
  const { identity, location } = context.source;
  const from = known.kind === "file" ? known.path : known.url;
  await prepareRunStore(session, context.targetUrl);
  if (!(await tryRunLock(session))) throw runLockedError();
  try {
    const details = { from, to: location, vouched: context.onlySource === true };
    await recorded(context, { command: "source moved", details, keep: () => ({}) }, async (own) => {
      await own.record?.begin(session);
      await session.transaction(async (tx) => {
        await setSource(tx, run.id, { location, identity });
        // The old file may have had rows that this one lacks: what was compared there says nothing of here.
        await setVerified(tx, run.id, null);
      });
    });
    context.report({
      kind: "warning",
      message:
        `the run reads ${location} from now on, in place of ${from}: all rows will be compared again ` +
        `before the cutover`,
    });
  } finally {
    await releaseRunLock(session);
  }
}
