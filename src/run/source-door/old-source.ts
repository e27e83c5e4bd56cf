import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { captureOwner } from "../../capture/install.ts";
import { type FileIdentity, isSameMachine, type SourceIdentity } from "../../model/source-identity.ts";
import { isFenceSealed } from "../../source/fence/fence.ts";
import { placeOf } from "../../source/file-identity.ts";
import { processesHolding } from "../../source/processes-holding.ts";
import { openSource } from "../../source/source.ts";

/** What became of the file that a run read until now, as far as it can be seen from here. */
export type OldSource =
  | { readonly kind: "out-of-use" }
  | { readonly kind: "still-there"; readonly why: string; readonly hint: string }
  | { readonly kind: "unseen"; readonly why: string };

/** Whether nobody can write to the old file any more: only then another one may take its place. */
export async function lookForOldSource(known: SourceIdentity, now: SourceIdentity, run: string): Promise<OldSource> {
  if (known.kind === "server") return { kind: "unseen", why: `the old source is a server, ${known.url}` };
  if (now.kind === "file" && !isSameMachine(known, now))
    return { kind: "unseen", why: `it was last read on the host ${known.host}, and this is ${now.host}` };
  const path = lookAtPath(known, now);
  if (path === "directory-unseen")
    return {
      kind: "unseen",
      why:
        `its directory ${dirname(known.path)} is not the one that it was: a disk that is not mounted, a ` +
        `container, a renamed directory`,
    };
  if (path === "another") {
    if (await isSealed(known.path, run)) return { kind: "out-of-use" };
    return {
      kind: "still-there",
      why: `${known.path} is still there, and takes writes`,
      hint:
        `with the application stopped or pointed to the new file, move the old one away (mv ${known.path} ` +
        `${known.path}.old); then run the same command again`,
    };
  }
  return stillOpen(known, now);
}

function lookAtPath(known: FileIdentity, now: SourceIdentity): "gone" | "leads-here" | "another" | "directory-unseen" {
  const found = existsSync(known.path) ? placeOf(known.path) : null;
  if (found !== null)
    return now.kind === "file" && found === `${now.device}:${now.inode ?? 0}` ? "leads-here" : "another";
  // Permissions may hide a file, and an unmounted disk does: "not there" counts in its own directory alone.
  const directory = placeOf(dirname(known.path));
  const isSeen = directory !== null && inodeOf(directory) === inodeOf(known.directory) && isReadable(known.path);
  return isSeen ? "gone" : "directory-unseen";
}

/** Device numbers change with a restart. */
function inodeOf(place: string | null): string | undefined {
  return place?.split(":")[1];
}

function isReadable(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

function stillOpen(known: FileIdentity, now: SourceIdentity): OldSource {
  const { device, inode } = known;
  if (inode === null || (now.kind === "file" && now.device === device && now.inode === inode))
    return { kind: "out-of-use" };
  const [holder] = processesHolding({ device, inode });
  if (holder === undefined) return { kind: "out-of-use" };
  return {
    kind: "still-there",
    why:
      `process ${holder.pid} (${holder.command}) still has the old file open, and may write to it ` +
      `although it is not at ${known.path} any more`,
    hint: "stop or restart that process, so that it opens the new file; then run the same command again",
  };
}

/** A file that refuses all writes, since this run was cut over, can be left where it is. */
async function isSealed(path: string, run: string): Promise<boolean> {
  try {
    const source = openSource({ url: path, busyTimeout: 2_000 });
    try {
      return await source.read(async (tx) => (await captureOwner(tx))?.run === run && (await isFenceSealed(tx)));
    } finally {
      source.close();
    }
  } catch {
    // What cannot be read is not known to be fenced.
    return false;
  }
}
