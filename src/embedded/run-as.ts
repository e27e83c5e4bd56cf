import { spawnSync } from "node:child_process";
import { lchownSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { TargetError } from "../errors.ts";
import { type Binaries, environmentFor } from "./binaries.ts";

/** How PostgreSQL's programs are started: as which user, and through which helper. */
export interface RunAs {
  /** The required owner of the data; null: the current user. */
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
 * PostgreSQL refuses to run as root, so root runs it as `postgres` or `nobody`. If that user cannot reach the given
 * paths (a project under /root, say), it gets root's capability to bypass file permissions, and no other. Existing data
 * keeps its `owner` if possible.
 */
export function runAs(directory: string, binaries: Binaries, owner: User | null): RunAs {
  if (process.getuid?.() !== 0) return { owner: null, command: (file, args) => ({ file, args }) };
  const user =
    owner === null || owner.uid === 0 ? findUser(["postgres", "nobody"]) : { uid: owner.uid, gid: owner.gid };
  if (user === null) throw cannotRunAsRoot("there is no user `postgres` and no user `nobody`");
  if ([directory, binaries.initdb, binaries.postgres].every((path) => othersMayPass(path)))
    return { owner: user, command: (file, args) => ({ file, args, ...user }) };
  // dac_override includes dac_read_search, which Docker does not grant.
  const keep = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  const helpers: readonly RunAs[] = [
    through(user, "setpriv", [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups", ...keep]),
    // In the user namespace it appears as that user, but has root's file access without root's other powers.
    through({ uid: 0, gid: 0 }, "unshare", ["--user", `--map-user=${user.uid}`, `--map-group=${user.gid}`]),
  ];
  // initdb looks for `postgres` with access(2), which ignores kept capabilities. `--show` gets that far and creates
  // nothing.
  const helper = helpers.find((candidate) =>
    runs(candidate.command(binaries.initdb, ["--show", "-D", directory]), binaries),
  );
  if (helper === undefined)
    throw cannotRunAsRoot("its user may not enter this directory, and neither setpriv nor unshare (util-linux) works");
  return helper;
}

/** Gives a directory and its content to the owner; the directory last, since its owner shows that all is done. */
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
    message: `PostgreSQL refuses to run as root, and changeover cannot run it as another user: ${why}`,
    hint:
      "run changeover as an ordinary user, or move the project to a directory that others may enter, or give " +
      "--target",
  });
}
