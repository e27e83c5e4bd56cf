import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Rules } from "../../src/model/rules.ts";

/** What is to become of a case. */
export type Expectation =
  /** All rows are there, equal, without a rule. */
  | { readonly kind: "arrives" }
  /** Blocked by one of the codes; with the rules all rows are there, equal. */
  | { readonly kind: "rule"; readonly codes: readonly string[] }
  /** With the rules all rows are there, equal, but for those quarantined. */
  | { readonly kind: "quarantined" }
  /** Refused by one of the codes, and where it names a table, by that one. */
  | { readonly kind: "stopped"; readonly codes: readonly string[]; readonly table: string | null };

/** A query on the target and the rows that it must give. */
export interface TargetCheck {
  readonly query: string;
  readonly rows: readonly string[];
}

export interface ExpectedFinding {
  readonly codes: readonly string[];
  /** `table` or `table.column`; null for anywhere. */
  readonly where: string | null;
}

/** Rows in the ledger, by their keys as SQL literals of SQLite. */
export interface ExpectedEntry {
  readonly table: string;
  readonly keys: readonly string[];
}

export interface TortureCase {
  /** `folder/name`. */
  readonly name: string;
  /** What is awkward about it, in a sentence. */
  readonly title: string;
  readonly expect: Expectation;
  readonly types: readonly ("plain" | "enhanced")[];
  readonly names: "keep" | "snake_case";
  /** `suggested`: the first suggestion of each blocking finding, as `validate --write-rules` takes it. */
  readonly rules: Rules | "suggested";
  readonly findings: readonly ExpectedFinding[];
  readonly checks: readonly TargetCheck[];
  readonly quarantined: readonly ExpectedEntry[];
  /** Values that arrive as NULL by a rule: the column, and a condition in SQLite's SQL. */
  readonly nulled: ReadonlyMap<string, string>;
  /** Names that PostgreSQL does not take: `table` or `table.column` in the source, and the name in the target. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Tables that stay behind without a rule. */
  readonly behind: readonly string[];
  /** SQL for the target beforehand. */
  readonly before: string;
  /** What the application writes between copy and cutover. */
  readonly during: string;
  /** Why the engine does not do that yet; null for all that must pass. */
  readonly pending: string | null;
  /** SQL that makes the database. */
  readonly sql: string;
}

const FOLDER = fileURLToPath(new URL("cases", import.meta.url));

/** All cases, in the order of their folders and names. */
export function readCases(): TortureCase[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".sql"));
  return files.sort().map((file) => parseCase(file.replace(/\.sql$/, ""), readFileSync(join(FOLDER, file), "utf8")));
}

const KEYS = [
  "expect",
  "types",
  "names",
  "rules",
  "finding",
  "target",
  "quarantined",
  "nulled",
  "renamed",
  "behind",
  "before",
  "during",
  "pending",
] as const;
type Key = (typeof KEYS)[number];

/**
 * The comment at the head of the file: sentences first, then `key: value` lines; a line indented by two or more goes on
 * with the value before.
 */
function parseCase(name: string, text: string): TortureCase {
  const head = /^(--.*\n)*/.exec(text)?.[0] ?? "";
  const title: string[] = [];
  const values = new Map<Key, string[]>();
  let last: string[] | undefined;
  for (const line of head.trimEnd().split("\n")) {
    const content = line.slice(2);
    const [, key, value] = /^ ([a-z]+): ?(.*)$/.exec(content) ?? [];
    if (key !== undefined && isKey(key)) {
      last = values.get(key) ?? [];
      values.set(key, last);
      last.push(value ?? "");
    } else if (last === undefined) title.push(content.trim());
    else if (/^ {3,}/.test(content)) last.push(`${last.pop()}\n${content.trim()}`);
    else throw new Error(`${name}: what is "${line}"?`);
  }
  const all = (key: Key) => values.get(key) ?? [];
  const one = (key: Key) => {
    if (all(key).length > 1) throw new Error(`${name}: more than one ${key}`);
    return all(key)[0] ?? null;
  };
  const rules = one("rules") ?? "{}";
  return {
    name,
    title: title.join(" "),
    expect: parseExpectation(name, one("expect") ?? ""),
    types: (one("types") ?? "plain").split(/\s*,\s*/) as ("plain" | "enhanced")[],
    names: one("names") === "snake_case" ? "snake_case" : "keep",
    rules: rules === "suggested" ? rules : (JSON.parse(rules) as Rules),
    findings: all("finding").map(parseFinding),
    checks: all("target").map((check) => parseCheck(name, check)),
    quarantined: all("quarantined").map(parseEntry),
    nulled: new Map(all("nulled").map((line) => line.split(" where ") as [string, string])),
    renamed: new Map(all("renamed").map((line) => line.split(" => ") as [string, string])),
    behind: all("behind").flatMap((line) => line.split(/\s*,\s*/)),
    before: all("before").join(";\n"),
    during: all("during").join(";\n"),
    pending: one("pending"),
    sql: text.slice(head.length),
  };
}

function isKey(key: string): key is Key {
  return (KEYS as readonly string[]).includes(key);
}

function parseExpectation(name: string, text: string): Expectation {
  const [kind, codes = "", table] = text.split(" ");
  if (kind === "arrives" || kind === "quarantined") return { kind };
  if (kind === "rule" && codes !== "") return { kind, codes: codes.split("|") };
  if (kind === "stopped" && codes !== "") return { kind, codes: codes.split("|"), table: table ?? null };
  throw new Error(`${name}: expect what? "${text}"`);
}

function parseFinding(text: string): ExpectedFinding {
  const space = text.indexOf(" ");
  return space < 0
    ? { codes: text.split("|"), where: null }
    : { codes: text.slice(0, space).split("|"), where: text.slice(space + 1) };
}

function parseCheck(name: string, text: string): TargetCheck {
  const arrow = text.lastIndexOf(" => ");
  if (arrow < 0) throw new Error(`${name}: a query without " => "`);
  const rows = text.slice(arrow + 4).trim();
  return { query: text.slice(0, arrow), rows: rows === "nothing" ? [] : rows.split(" ; ") };
}

function parseEntry(text: string): ExpectedEntry {
  const space = text.indexOf(" ");
  return { table: text.slice(0, space), keys: text.slice(space + 1).split("; ") };
}
