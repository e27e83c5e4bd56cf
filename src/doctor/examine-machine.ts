import { createRequire } from "node:module";
import { arch, availableParallelism, freemem, homedir, release, totalmem, type } from "node:os";
import { relative, sep } from "node:path";
import { isWhole, SERVER_PACKAGE, SERVER_VERSION, serverHome } from "../embedded/server-package.ts";
import { readProc } from "../operating-system.ts";
import { fileSystemOf } from "../source/file-system.ts";
import { version } from "../version.ts";

/** The machine that this command runs on. */
export interface MachineFacts {
  readonly changeover: string;
  /** Such as `Node 22.1.0`. */
  readonly runtime: string;
  readonly system: string;
  readonly architecture: string;
  readonly isContainer: boolean | null;
  readonly processors: number;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  readonly isAdministrator: boolean | null;
  /** Of the working directory, where migrations and the embedded server go. */
  readonly directory: { readonly fileSystem: string | null; readonly freeBytes: number | null };
  readonly libraries: readonly { readonly name: string; readonly version: string | null }[];
  /** Names of variables that change what commands do; never their values. */
  readonly variables: readonly string[];
  readonly time: string;
}

const LIBRARIES = ["@libsql/client", "libsql", "postgres", "pg", "node-pg-migrate", SERVER_PACKAGE] as const;
const VARIABLES = /^(CHANGEOVER_|PG[A-Z]|DATABASE_URL$|NODE_OPTIONS$|NODE_EXTRA_CA_CERTS$|MALLOC_|(https?|no)_proxy$)/i;

export function examineMachine(environment: NodeJS.ProcessEnv = process.env): MachineFacts {
  const { freeBytes, name } = fileSystemOf(process.cwd());
  return {
    changeover: version(),
    runtime: runtimeName(),
    system: `${type()} ${release()}`,
    architecture: arch(),
    isContainer: isContainer(),
    processors: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    isAdministrator: process.getuid === undefined ? null : process.getuid() === 0,
    directory: { fileSystem: name, freeBytes },
    libraries: LIBRARIES.map((name) => ({ name, version: versionOf(name) ?? cachedVersion(name) })),
    variables: Object.keys(environment)
      .filter((variable) => VARIABLES.test(variable))
      .sort(),
    time: new Date().toISOString(),
  };
}

function runtimeName(): string {
  const { bun, deno, node } = process.versions as Partial<Record<string, string>>;
  if (deno !== undefined) return `Deno ${deno}`;
  return bun === undefined ? `Node ${node}` : `Bun ${bun}`;
}

/** Null where the system does not tell. */
function isContainer(): boolean | null {
  const mounts = readProc("self/mountinfo");
  if (mounts === null) return null;
  const root = mounts.split("\n").find((line) => line.split(" ")[4] === "/");
  return root === undefined ? null : / - overlay /.test(root);
}

/** Null where the package is not installed, or hides its package.json. */
function versionOf(library: string): string | null {
  const require = createRequire(import.meta.url);
  for (const directory of require.resolve.paths?.(library) ?? []) {
    try {
      const facts: unknown = require(`${directory}/${library}/package.json`);
      if (typeof facts === "object" && facts !== null && "version" in facts) return String(facts.version);
    } catch {
      // It is not in this directory.
    }
  }
  return null;
}

/** Of what `changeover postgres install` has brought. */
function cachedVersion(library: string): string | null {
  return library === SERVER_PACKAGE && isWhole(serverHome()) ? SERVER_VERSION : null;
}

/** A path without the name of the user whose home it is in. */
export function withoutHome(path: string, home = homedir()): string {
  const below = relative(home, path);
  return below === "" || below.startsWith("..") || below === path ? path : `~${sep}${below}`;
}
