import { accessSync, constants, existsSync, statSync } from "node:fs";
import { SourceError } from "../errors.ts";

/**
 * libsql would create a missing file, so look before it does. Looking must not open the file: whoever closes a descriptor of it
 * takes away all locks that this process holds on it, those of an application around us too (POSIX, and SQLite's howtocorrupt.html).
 */
export function refuseWhatIsNoDatabase(path: string): void {
  if (!existsSync(path)) {
    throw new SourceError({
      code: "SOURCE_NOT_FOUND",
      message: `there is no file ${path}`,
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
  // An empty file is an empty database to SQLite, and a mistake to everyone else.
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

export function filePath(url: string): string {
  return decodeURIComponent(url.replace(/^file:(\/\/(localhost)?(?=\/))?/, "").replace(/[?#].*$/s, ""));
}

export function fileUrl(path: string): string {
  return `file:${path.split("/").map(encodeURIComponent).join("/")}`;
}
