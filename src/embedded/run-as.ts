import { spawnSync } from "node:child_process";
import { lchownSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { TargetError } from "../errors.ts";
import { type Binaries, environmentFor } from "./binaries.ts";

/** How a command of PostgreSQL is started: as whom, and through what. */
export interface RunAs {
  /** Who must own the data; null: whoever makes it. */
  readonly owner: User | null;
  command(program: string, args: readonly string[]): Command;
}

export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * PostgreSQL refuses to run as root, so root runs it as `postgres` or `nobody`. Where that user cannot get at the
 * given paths (a project under /root, say), it keeps root's right to pass by permissions, and nothing else.
 * Data that is there already has an `owner`, and stays theirs if it can.
 */
export function runAs(directory: string, binaries: Binaries, owner: User | null): RunAs {
  if (process.getuid?.() !== 0) return { owner: null, command: (file, args) => ({ file, args }) };
  const user =
    owner === null || owner.uid === 0 ? findUser(["postgres", "nobody"]) : { uid: owner.uid, gid: owner.gid };
  if (user === null) throw cannotRunAsRoot("there is neither a user postgres nor nobody");
  if ([directory, binaries.initdb, binaries.postgres].every((path) => othersMayPass(path)))
    return { owner: user, command: (file, args) => ({ file, args, ...user }) };
  // Not dac_read_search too, which says no more, and which Docker does not give.
  const keep = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  const ways: readonly RunAs[] = [
    through(user, "setpriv", [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups", ...keep]),
    // There it goes by that user's name, but is root to the file system, without root's powers.
    through({ uid: 0, gid: 0 }, "unshare", ["--user", `--map-user=${user.uid}`, `--map-group=${user.gid}`]),
  ];
  // initdb looks for `postgres` with access(2), which heeds no kept capability; `--show` gets that far and makes nothing.
  const way = ways.find((candidate) => runs(candidate.command(binaries.initdb, ["--show", "-D", directory]), binaries));
  if (way === undefined)
    throw cannotRunAsRoot(
      "its user may not enter this directory, and neither setpriv nor unshare (of util-linux) can help",
    );
  return way;
}

/** Makes a directory and all in it theirs; the directory last, so that one can see by it whether that is done. */
export function giveTo(as: RunAs, directory: string): void {
  if (as.owner === null || lstatSync(directory).uid === as.owner.uid) return;
  const { uid, gid } = as.owner;
  for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" }))
    lchownSync(join(directory, name), uid, gid);
  lchownSync(directory, uid, gid);
}

function through(owner: User, file: string, options: readonly string[]): RunAs {
  return { owner, command: (program, args) => ({ file, args: [...options, program, ...args] }) };
}

function runs({ file, args, ...ids }: Command, binaries: Binaries): boolean {
  return spawnSync(file, args, { ...ids, env: environmentFor(binaries), stdio: "ignore", cwd: "/" }).status === 0;
}

function findUser(names: readonly string[]): User | null {
  const entries = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of names) {
    const entry = entries.find(([candidate]) => candidate === name);
    if (entry !== undefined) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  return null;
}

function othersMayPass(path: string): boolean {
  for (let at = resolve(path); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function cannotRunAsRoot(why: string): TargetError {
  return new TargetError({
    code: "EMBEDDED_ROOT",
    message: `PostgreSQL does not run as root, and here no other way was found: ${why}`,
    hint: "run changeover as an ordinary user, or move the project to a directory that others may enter, or give --target",
  });
}
