import { execFile } from "node:child_process";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { messageOf, UsageError } from "../../errors.ts";
import type { MigrationFile } from "../migrate/read-migration-files.ts";

/** Names of the migrations whose files are new or differ since a revision of git, committed or not. */
export async function filesChangedSince(
  revision: string,
  files: readonly MigrationFile[],
): Promise<ReadonlySet<string>> {
  const directories = [...new Set(files.map(({ path }) => dirname(resolve(path))))];
  const changed = new Set<string>();
  for (const directory of directories) {
    const git = (...args: string[]) => namesOf(directory, revision, args);
    const root = (await git("rev-parse", "--show-toplevel"))[0] ?? directory;
    // `--end-of-options`: a revision that begins with a dash is no option.
    const differing = await git("diff", "--name-only", "-z", "--no-renames", "--end-of-options", revision, "--", ".");
    const untracked = await git("ls-files", "-z", "--others", "--full-name", "--", ".");
    for (const name of [...differing, ...untracked]) changed.add(resolve(root, name));
  }
  return new Set(files.flatMap(({ name, path }) => (changed.has(resolve(path)) ? [name] : [])));
}

async function namesOf(cwd: string, revision: string, args: readonly string[]): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)("git", args, { cwd, maxBuffer: 64 * 1024 * 1024 });
    return stdout.split(/[\0\n]/).filter((name) => name !== "");
  } catch (cause) {
    throw new UsageError({
      code: "USAGE",
      message: `git does not tell what changed since ${revision}: ${lastLine(cause)}`,
      hint: "give --changed a revision that is here, such as origin/main; in a CI, fetch it first",
      cause,
    });
  }
}

function lastLine(cause: unknown): string {
  return messageOf(cause).trim().split("\n").at(-1) ?? "";
}
