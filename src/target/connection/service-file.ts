import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ConnectionValues, parameterError } from "./connection-parameters.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The parameters of a service: those of the user's file, else those of the system's file.
 * https://www.postgresql.org/docs/current/libpq-pgservice.html
 */
export function serviceValues(
  service: string,
  {
    environment,
    given,
    home,
  }: { readonly environment: Environment; readonly given: string | undefined; readonly home: string },
): ConnectionValues {
  const own = given ?? join(home, ".pg_service.conf");
  if (given !== undefined && !existsSync(given))
    throw parameterError(`the service file ${given} does not exist`, "correct PGSERVICEFILE");
  const files = [own, ...systemDirectories(environment).map((directory) => join(directory, "pg_service.conf"))];
  for (const file of files) {
    const found = existsSync(file) ? sectionOf(readFileSync(file, "utf8"), service, file) : null;
    if (found !== null) return found;
  }
  throw parameterError(
    `no service file has the service ${service}`,
    `add [${service}] to ${own}, or correct service= and PGSERVICE`,
  );
}

/** Where packages of PostgreSQL put the system's file. */
function systemDirectories(environment: Environment): readonly string[] {
  const given = environment["PGSYSCONFDIR"];
  return given === undefined || given === "" ? ["/etc/postgresql-common", "/etc", "/usr/local/etc"] : [given];
}

function sectionOf(text: string, service: string, file: string): ConnectionValues | null {
  let values: Map<string, string> | null = null;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const section = /^\[(.*)\]$/.exec(trimmed)?.[1];
    if (section !== undefined) {
      if (values !== null) return values;
      if (section === service) values = new Map();
      continue;
    }
    if (values === null) continue;
    const at = trimmed.indexOf("=");
    if (at < 0) throw parameterError(`line ${index + 1} of the service file ${file} has no =`, "write name=value");
    const name = trimmed.slice(0, at).trim();
    if (name === "service")
      throw parameterError(`the service file ${file} names a service in a service`, "remove that line");
    // The first line of a name counts, as in libpq.
    if (!values.has(name)) values.set(name, trimmed.slice(at + 1).trim());
  }
  return values;
}
