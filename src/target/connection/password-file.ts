import { readFileSync, statSync } from "node:fs";
import { hasFileModes } from "../../operating-system.ts";

export interface PasswordQuestion {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** A password file, or why its content does not count. */
export type PasswordFile =
  | { readonly state: "read"; readonly path: string; readonly lines: readonly string[] }
  | { readonly state: "missing" }
  | { readonly state: "ignored"; readonly path: string; readonly why: string };

/**
 * Reads a password file. One that others may read is ignored, as libpq does.
 * https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
export function readPasswordFile(path: string): PasswordFile {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return { state: "missing" };
  if (!facts.isFile()) return { state: "ignored", path, why: "it is not a plain file" };
  if (hasFileModes() && (facts.mode & 0o077) !== 0)
    return { state: "ignored", path, why: `others may read it: chmod 600 ${path}` };
  try {
    return { state: "read", path, lines: readFileSync(path, "utf8").split(/\r?\n/) };
  } catch {
    return { state: "ignored", path, why: "it cannot be read" };
  }
}

/** The password of the first line that matches. */
export function passwordFor(file: PasswordFile, question: PasswordQuestion): string | null {
  if (file.state !== "read") return null;
  // A Unix socket in a default directory goes by the name localhost.
  const host = DEFAULT_SOCKET_DIRECTORIES.includes(question.host) ? "localhost" : question.host;
  const wanted = [host, String(question.port), question.database, question.user];
  for (const line of file.lines) {
    if (line.startsWith("#") || line === "") continue;
    const [password, ...fields] = fieldsOf(line);
    if (password !== undefined && wanted.every((value, index) => fields[index] === "*" || fields[index] === value))
      return password;
  }
  return null;
}

export const DEFAULT_SOCKET_DIRECTORIES: readonly string[] = ["/var/run/postgresql", "/tmp"];

/** The password, then the other fields. A backslash goes before `:` and `\`. The password is the rest of the line. */
function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  let rest = line;
  for (let index = 0; index < 4; index++) {
    const match = /^((?:[^:\\]|\\.)*):/s.exec(rest);
    if (match === null) return [];
    fields.push((match[1] ?? "").replace(/\\(.)/gs, "$1"));
    rest = rest.slice(match[0].length);
  }
  return [rest.replace(/\\(.)/gs, "$1"), ...fields];
}
