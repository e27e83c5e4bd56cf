import { accessSync, constants, existsSync, statSync } from "node:fs";
import { SourceError } from "../errors.ts";
import { hasDrive } from "../operating-system.ts";

/**
 * libsql would create a missing file, so check the path first, without opening the file. Closing any descriptor of a
 * database drops all locks that this process holds on it, also those of an application around us (POSIX locks, see
 * SQLite's howtocorrupt.html).
 */
export function refuseNonDatabase(path: string): void {
  if (!existsSync(path)) {
    throw new SourceError({
      code: "SOURCE_NOT_FOUND",
      message: `the file ${path} does not exist`,
      hint: "give --source the path of the application's SQLite database",
      context: { path },
    });
  }
  if (!statSync(path).isFile()) {
    throw new SourceError({
      code: "SOURCE_NOT_SQLITE",
      message: `${path} is not a file`,
      hint: "give --source the path of the SQLite database file itself",
      context: { path },
    });
  }
  // SQLite takes an empty file for an empty database; here it is a mistake.
  if (statSync(path).size === 0) {
    throw new SourceError({
      code: "SOURCE_EMPTY",
      message: `${path} is an empty file`,
      hint: "check the path: the application's database has tables in it",
      context: { path },
    });
  }
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    throw new SourceError({
      code: "SOURCE_CANNOT_OPEN",
      message: `${path} cannot be opened`,
      hint: "check the permissions of the file",
      context: { path },
      cause,
    });
  }
}

/** The path that a `file:` URL names; `file:///C:/app.db` is a drive's. */
export function filePath(url: string): string {
  const path = decodeURIComponent(url.replace(/^file:(\/\/(localhost)?(?=\/))?/, "").replace(/[?#].*$/s, ""));
  return hasDrive(path.slice(1)) && path.startsWith("/") ? path.slice(1) : path;
}

/** The URL that @libsql/client takes for an absolute path. A drive's path has backslashes, which a URL has not. */
export function fileUrl(path: string): string {
  const written = hasDrive(path) ? path.replaceAll("\\", "/") : path;
  return `file:${written.split("/").map(encodeURIComponent).join("/")}`;
}
