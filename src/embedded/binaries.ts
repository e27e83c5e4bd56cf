import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { TargetError } from "../errors.ts";
import { programFile } from "../operating-system.ts";
import { installCommand, platformPackage, SERVER_PACKAGE, serverHome } from "./server-package.ts";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Root of the package that contains them. */
  readonly root: string;
  /** A directory of links to search for libraries, where the package lacks them; or null. */
  readonly libraries: string | null;
}

export interface FindOptions {
  /** Resolves a package name to one of its files, as `require.resolve` does from the file `from`. */
  readonly resolve?: (name: string, from: string) => string;
  /** Where to create links if the package itself is read-only. */
  readonly spare: string;
}

/** Finds PostgreSQL's programs where they were installed, and makes up for an install script that did not run. */
export function findBinaries(options: FindOptions): Binaries {
  const root = packageRoot(options.resolve ?? resolveFrom);
  const binary = (name: string) => executable(join(root, "native", "bin", programFile(name)));
  return { root, initdb: binary("initdb"), postgres: binary("postgres"), libraries: repairLinks(root, options.spare) };
}

/** Copies the programs once (60 MB) to a directory that every user may enter. */
export function copyBinaries(binaries: Binaries): Binaries {
  const name = createHash("sha256")
    .update(`${binaries.root} ${statSync(binaries.postgres).mtimeMs}`)
    .digest("hex")
    .slice(0, 12);
  const root = join(tmpdir(), `changeover-postgres-${process.getuid?.() ?? 0}-${name}`);
  if (!existsSync(root)) {
    const unfinished = `${root}.${process.pid}`;
    cpSync(binaries.root, unfinished, { recursive: true, verbatimSymlinks: true });
    chmodSync(unfinished, 0o755);
    try {
      renameSync(unfinished, root);
    } catch (error) {
      // Another process has created it meanwhile.
      rmSync(unfinished, { recursive: true, force: true });
      if (!existsSync(root)) throw error;
    }
  } else if (statSync(root).uid !== process.getuid?.()) {
    throw new TargetError({
      code: "EMBEDDED_ROOT",
      message: `${root} belongs to another user, who may have changed the programs in it`,
      hint: "remove it, or give --target",
    });
  }
  const at = (path: string) => join(root, relative(binaries.root, path));
  return { root, initdb: at(binaries.initdb), postgres: at(binaries.postgres), libraries: binaries.libraries };
}

function packageRoot(resolve: (name: string, from: string) => string): string {
  const name = platformPackage();
  let cause: unknown;
  for (const from of parentPackages(resolve)) {
    try {
      return dirname(dirname(resolve(name, from())));
    } catch (error) {
      cause ??= error;
    }
  }
  throw new TargetError({
    code: "EMBEDDED_MISSING",
    message: "no --target is given, and the embedded PostgreSQL is not installed here",
    hint: hintOf("install the embedded one (24 MB, once)"),
    context: { package: name },
    cause,
  });
}

/**
 * Next to changeover; in the project, where someone installed it who has changeover from npx or as one file; where
 * `changeover postgres install` puts it. With pnpm, only the package that depends on the platform's can resolve it.
 */
function parentPackages(resolve: (name: string, from: string) => string): readonly (() => string)[] {
  return [
    () => resolve(SERVER_PACKAGE, fileURLToPath(import.meta.url)),
    () => resolve(SERVER_PACKAGE, join(process.cwd(), "package.json")),
    () => join(serverHome(), "package.json"),
  ];
}

function hintOf(what: string): string {
  return `give --target postgres://user:password@host:5432/database, or ${what}: ${installCommand()}`;
}

function resolveFrom(name: string, from: string): string {
  return createRequire(from).resolve(name);
}

/** Environment for PostgreSQL's programs, without PG… variables, which may be meant for another server. */
export function environmentFor(binaries: Binaries): NodeJS.ProcessEnv {
  // Both directories: a library looks for its dependencies in the directory of the link to it.
  const libraries =
    binaries.libraries === null ? null : [binaries.libraries, join(binaries.root, "native", "lib")].join(delimiter);
  const inherited = Object.fromEntries(
    ["PATH", "SystemRoot", "TMPDIR", "TEMP"]
      .map((name) => [name, process.env[name]] as const)
      .filter(([, value]) => value !== undefined),
  );
  return {
    ...inherited,
    LC_ALL: "C",
    TZ: "UTC",
    ...(libraries === null ? {} : { LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries }),
  };
}

function executable(path: string): string {
  try {
    if ((statSync(path).mode & 0o111) === 0) chmodSync(path, 0o755);
    return path;
  } catch (cause) {
    throw new TargetError({
      code: "EMBEDDED_MISSING",
      message: "no --target is given, and the embedded PostgreSQL that is installed here cannot be run",
      hint: hintOf("install one for this user"),
      context: { path },
      cause,
    });
  }
}

/**
 * Creates the links to libraries that the package's install script should create: it does not run under pnpm, Deno and
 * newer npm. If the package is read-only, they go to `spare`.
 */
export function repairLinks(root: string, spare: string): string | null {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return null;
  const links = JSON.parse(readFileSync(list, "utf8")) as readonly {
    readonly source: string;
    readonly target: string;
  }[];
  const missing = links.filter(({ target }) => !existsSync(join(root, target)));
  if (missing.every(({ source, target }) => link(relative(dirname(target), source), join(root, target)))) return null;
  mkdirSync(spare, { recursive: true });
  for (const { source, target } of missing) link(join(root, source), join(spare, basename(target)));
  return spare;
}

/** Creates or corrects a link. Returns false if the directory is not writable. */
function link(to: string, path: string): boolean {
  try {
    if (linkAt(path) === to) return true;
    // Rename a new link into place: another process may do the same, and a third may start the server in between.
    const temporary = `${path}.${process.pid}`;
    rmSync(temporary, { force: true });
    symlinkSync(to, temporary);
    renameSync(temporary, path);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EROFS" || code === "EACCES" || code === "EPERM") return false;
    throw error;
  }
}

function linkAt(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch {
    return null;
  }
}
