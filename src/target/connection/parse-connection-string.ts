import { type ConnectionValues, isKnownParameter, PARAMETER_ALIASES, parameterError } from "./connection-parameters.ts";

/**
 * Parses what libpq takes as a connection string: a URL or `key=value` pairs. Libraries for Node stop at `new URL`,
 * which knows no list of hosts, no socket directory and no `key=value` pairs, hence our own parser.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
export function parseConnectionString(given: string): ConnectionValues {
  const text = given.trim();
  const scheme = /^postgres(?:ql)?:\/\//i.exec(text);
  if (scheme !== null) return withoutAliases(parseUrl(text.slice(scheme[0].length)));
  if (isKeyValueString(text)) return withoutAliases(parsePairs(text));
  throw parameterError("the target is neither a PostgreSQL URL nor a string of key=value pairs");
}

/** Whether a text is `host=… dbname=…` rather than a URL or a path. */
function isKeyValueString(text: string): boolean {
  const first = /^\s*([a-z_]+)\s*=/i.exec(text);
  return first !== null && isKnownParameter(first[1] ?? "");
}

function parseUrl(rest: string): Map<string, string> {
  const values = new Map<string, string>();
  const put = (name: string, value: string) => {
    if (value !== "") values.set(name, decode(value));
  };
  // A slash or question mark in an unencoded password: what counts is the last @ before the path.
  const authorityEnd = endOfAuthority(rest);
  const authority = rest.slice(0, authorityEnd);
  const [path = "", query = ""] = splitOnce(rest.slice(authorityEnd), "?");
  const at = authority.lastIndexOf("@");
  if (at >= 0) {
    const [user = "", password = ""] = splitOnce(authority.slice(0, at), ":");
    put("user", user);
    put("password", password);
  }
  const { hosts, ports } = parseHosts(authority.slice(at + 1));
  put("host", hosts.join(","));
  if (ports.some((port) => port !== "")) values.set("port", ports.join(","));
  put("dbname", path.replace(/^\//, ""));
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const [name, value] = splitOnce(pair, "=");
    if (value === undefined) throw parameterError(`the target's URL has no = after ${decode(name ?? "")}`);
    values.set(decode(name ?? ""), decode(value));
  }
  return values;
}

/** Where the path begins. A slash before an @ belongs to a password that was not encoded. */
function endOfAuthority(rest: string): number {
  const first = rest.search(/[/?]/);
  if (first < 0) return rest.length;
  const beforeQuery = rest.split("?")[0] ?? rest;
  const at = beforeQuery.lastIndexOf("@");
  if (at < first) return first;
  const after = rest.slice(at).search(/[/?]/);
  return after < 0 ? rest.length : at + after;
}

/** `one:5432,[::1]:5433,two`. */
function parseHosts(text: string): { readonly hosts: readonly string[]; readonly ports: readonly string[] } {
  const hosts: string[] = [];
  const ports: string[] = [];
  for (const entry of text.split(",")) {
    const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(entry);
    if (match === null)
      throw parameterError(
        "a host of the target's URL cannot be read",
        "an IPv6 address stands in brackets: [::1]:5432",
      );
    hosts.push(match[1] ?? match[2] ?? "");
    ports.push(match[3] ?? "");
  }
  return { hosts, ports };
}

/** `key = 'value with \' and spaces' key2=value`. */
function parsePairs(text: string): Map<string, string> {
  const values = new Map<string, string>();
  const pair = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/giy;
  while (pair.lastIndex < text.length) {
    const from = pair.lastIndex;
    const match = pair.exec(text);
    if (match === null) {
      if (text.slice(from).trim() === "") break;
      throw parameterError(
        `the target's key=value string cannot be read after ${[...values.keys()].at(-1) ?? "its beginning"}`,
        "put a value with spaces in single quotes; a backslash goes before ' and \\",
      );
    }
    values.set(match[1] ?? "", (match[2] ?? match[3] ?? "").replace(/\\(.)/gs, "$1"));
  }
  return values;
}

function withoutAliases(values: Map<string, string>): ConnectionValues {
  const result = new Map<string, string>();
  for (const [name, value] of values) {
    const alias = PARAMETER_ALIASES[name];
    if (alias === undefined) result.set(name, value);
    else {
      const [canonical, translated] = alias(value);
      if (!values.has(canonical)) result.set(canonical, translated);
    }
  }
  return result;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** As libpq decodes: a plus is a plus. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw parameterError(
      "the target's URL has a % that begins no character",
      "write % as %25, and other special characters in user, password and database percent-encoded too",
    );
  }
}
