import { readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { messageOf, UsageError } from "../errors.ts";

/** A source as it was given: what else is known of it says the list. */
export interface ListedSource {
  readonly source: string;
  readonly name?: string;
  readonly schema?: string;
  readonly host?: string;
  readonly wave?: number;
}

/** The files that a pattern means: `*` and `?` within a name, `**` over directories. */
export function globSources(pattern: string): ListedSource[] {
  const whole = resolve(pattern);
  const fixed = /^[^*?]*\//.exec(whole)?.[0] ?? "/";
  const wanted = new RegExp(
    `^${whole
      .slice(fixed.length)
      .split(/(\*\*\/?|\*|\?)/)
      .map(partOf)
      .join("")}$`,
  );
  let found: string[];
  try {
    found = readdirSync(fixed, { recursive: wanted.source.includes("/") || pattern.includes("**"), encoding: "utf8" });
  } catch (cause) {
    throw unreadable(fixed, cause);
  }
  return found
    .filter((file) => wanted.test(file))
    .sort()
    .map((file) => ({ source: `${fixed}${file}` }));
}

function partOf(part: string): string {
  if (part.startsWith("**")) return "(?:.*/)?";
  if (part === "*") return "[^/]*";
  return part === "?" ? "[^/]" : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
}

/** A list: one path a line, or a CSV whose first line names its columns. Paths are relative to the list. */
export function readSourceList(file: string): ListedSource[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw unreadable(file, cause);
  }
  const rows = text.startsWith("\ufeff") ? parseCsv(text.slice(1)) : parseCsv(text);
  const [head = []] = rows;
  const listed = head.includes("source")
    ? rows.slice(1).map((row) => listedSource(Object.fromEntries(head.map((name, index) => [name, row[index] ?? ""]))))
    : rows.filter(([first = ""]) => !first.startsWith("#")).map(([source = ""]) => ({ source }));
  return listed.map((one) => ({
    ...one,
    source: /^\w+:/.test(one.source) ? one.source : resolve(dirname(file), one.source),
  }));
}

/** A row of a CSV or of a query, by its columns: source, and maybe name, schema, host, wave. */
export function listedSource(row: Readonly<Record<string, unknown>>): ListedSource {
  const text = (name: string) => {
    const value = row[name];
    return value === null || value === undefined || value === "" ? undefined : String(value);
  };
  const source = text("source");
  const wave = text("wave");
  if (source === undefined) throw badList("a row has no source", "name its columns: source, name, schema, host, wave");
  if (wave !== undefined && !/^\d{1,4}$/.test(wave))
    throw badList(`the wave of ${source} is ${wave}`, "give 0, 1, 2 …");
  const known = { name: text("name"), schema: text("schema"), host: text("host") };
  return {
    source,
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
    ...(wave === undefined ? {} : { wave: Number(wave) }),
  };
}

/** Rows of a CSV (RFC 4180), without empty lines. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const match = cell.exec(text);
    if (match === null) throw badList(`the list has a quote that does not end, at character ${at}`, "correct the CSV");
    row.push(match[1]?.replaceAll('""', '"') ?? (match[2] ?? "").trim());
    if (match[3] === ",") continue;
    if (row.some((value) => value !== "")) rows.push(row);
    row = [];
  }
  if (row.some((value) => value !== "")) rows.push(row);
  return rows;
}

function badList(message: string, hint: string): UsageError {
  return new UsageError({ code: "FLEET_SOURCES", message, hint });
}

function unreadable(path: string, cause: unknown): UsageError {
  return new UsageError({
    code: "FLEET_SOURCES",
    message: `the sources cannot be listed: ${messageOf(cause)}`,
    hint: `check ${path}`,
    cause,
  });
}
