import { UsageError } from "../errors.ts";

/** What kind of source a path or URL names. Throws for a URL of something else. */
export function kindOfSource(given: string): "file" | "server" {
  const [, scheme = "", slashes] = /^([a-z][a-z0-9+.-]+):(\/\/)?/i.exec(given) ?? [];
  const known = scheme.toLowerCase();
  if (known === "file") return "file";
  if (/^(libsql|https?|wss?)$/.test(known) && slashes !== undefined) return "server";
  if (slashes === undefined && !/^(sqlite3?|jdbc|libsql|https?|wss?)$/.test(known)) return "file";
  throw new UsageError({
    code: "SOURCE_URL",
    message: `the source is a ${known}: URL, and not a SQLite file or a libSQL server`,
    hint: hintOf(known),
  });
}

function hintOf(scheme: string): string {
  if (/^(sqlite3?|jdbc)$/.test(scheme)) return "give the path of the file alone: --source path/to/app.db";
  if (/^postgres(ql)?$/.test(scheme))
    return "PostgreSQL is the target: give it to --target, and the SQLite file to --source";
  if (/^(libsql|https?|wss?)$/.test(scheme)) return `a server's URL has two slashes: ${scheme}://host`;
  return "give --source path/to/app.db, or the libsql://, https:// or wss:// URL of a libSQL server";
}
