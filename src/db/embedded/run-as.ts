import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { TargetError } from "../../errors.ts";

/** How a command of PostgreSQL is started: as whom, and through what. */
export interface RunAs {
  readonly uid: number | null;
  readonly gid: number | null;
  command(program: string, args: readonly string[]): { readonly file: string; readonly args: readonly string[]; readonly uid?: number; readonly gid?: number };
}

/**
 * PostgreSQL refuses to run as root, so root runs it as `postgres` or `nobody`. Where that user cannot get at the
 * given paths (a project under /root, say), it keeps root's right to pass by permissions, and nothing else.
 * Data that is there already has an `owner`, and stays theirs.
 */
export function runAs(paths: readonly string[], owner: { readonly uid: number; readonly gid: number } | null = null): RunAs {
  if (process.getuid?.() !== 0) return { uid: null, gid: null, command: (file, args) => ({ file, args }) };
  const user = owner ?? findUser(["postgres", "nobody"]);
  if (user === null) throw cannotRunAsRoot("there is neither a user postgres nor nobody");
  const { uid, gid } = user;
  if (paths.every((path) => othersMayPass(path))) return { uid, gid, command: (file, args) => ({ file, args, uid, gid }) };
  if (spawnSync("setpriv", ["--version"], { stdio: "ignore" }).status !== 0) throw cannotRunAsRoot("its user may not enter this directory, and setpriv (of util-linux) is not installed");
  const capabilities = "+dac_override,+dac_read_search";
  const drop = [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", `--inh-caps=${capabilities}`, `--ambient-caps=${capabilities}`];
  return { uid, gid, command: (file, args) => ({ file: "setpriv", args: [...drop, file, ...args] }) };
}

function findUser(names: readonly string[]): { readonly uid: number; readonly gid: number } | null {
  const entries = readFileSync("/etc/passwd", "utf8").split("\n").map((line) => line.split(":"));
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
