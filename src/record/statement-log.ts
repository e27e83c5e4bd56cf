import { renameSync, writeFileSync } from "node:fs";
import type { ParameterClass } from "../queries/parameters.ts";
import { recordedLine } from "./recorded-line.ts";

/** What is counted of one text of SQL. */
export interface StatementEntry {
  readonly sql: string;
  readonly site: string | null;
  count: number;
  /** How many of them were timed, and for how long. */
  timed: number;
  totalMs: number;
  maxMs: number;
  /** What was bound the first time: the values, or their classes alone; null before it. */
  sample: readonly Sampled[] | null;
}

export interface Sampled {
  /** Null for a parameter by position. */
  readonly name: string | null;
  readonly kind: ParameterClass;
  /** Not there where only types are recorded. */
  readonly value?: unknown;
}

export interface StatementLogOptions {
  readonly file: string;
  readonly withValues: boolean;
}

/** More texts are counted together: an application that writes values into its SQL has no end of them. */
const MAX_TEXTS = 20_000;
/** Each of the first is timed, then one of so many: a clock costs as much as a short query takes. */
const TIMED_FIRST = 64;
const TIMED_EVERY = 16;

/** The statements of this process, in memory, and in a file that only its owner may read. */
export class StatementLog {
  readonly #entries = new Map<string, StatementEntry>();
  readonly #options: StatementLogOptions;
  #written = "";

  constructor(options: StatementLogOptions) {
    this.#options = options;
  }

  entry(sql: string): StatementEntry {
    const known = this.#entries.get(sql);
    if (known !== undefined) return known;
    const entry = { sql, site: callSite(), count: 0, timed: 0, totalMs: 0, maxMs: 0, sample: null };
    if (this.#entries.size < MAX_TEXTS) this.#entries.set(sql, entry);
    return entry;
  }

  /** Counts one execution. Whether it is to be timed. */
  begin(entry: StatementEntry, args: readonly unknown[]): boolean {
    entry.count += 1;
    if (entry.sample === null) entry.sample = sampled(args, this.#options.withValues);
    return entry.count <= TIMED_FIRST || entry.count % TIMED_EVERY === 0;
  }

  /** Writes the file, if there is something new: whole, under another name first. */
  write(): void {
    const { withValues } = this.#options;
    const lines = [...this.#entries.values()]
      .filter(({ count }) => count > 0)
      .map((entry) => recordedLine(entry, withValues));
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    if (text === this.#written) return;
    const { file } = this.#options;
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    this.#written = text;
  }
}

/** Adds a time to an entry. */
export function addTime(entry: StatementEntry, ms: number): void {
  entry.timed += 1;
  entry.totalMs += ms;
  if (ms > entry.maxMs) entry.maxMs = ms;
}

function sampled(args: readonly unknown[], withValues: boolean): Sampled[] {
  return args.flat().flatMap((arg): Sampled[] => {
    if (typeof arg === "function" || arg === undefined) return [];
    if (isRecord(arg)) return Object.entries(arg).map(([name, value]) => sample(name, value, withValues));
    return [sample(null, arg, withValues)];
  });
}

function isRecord(arg: unknown): arg is Readonly<Record<string, unknown>> {
  return typeof arg === "object" && arg !== null && !ArrayBuffer.isView(arg) && !(arg instanceof ArrayBuffer);
}

function sample(name: string | null, value: unknown, withValues: boolean): Sampled {
  return { name, kind: kindOf(value), ...(withValues ? { value } : {}) };
}

function kindOf(value: unknown): ParameterClass {
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint" || typeof value === "boolean") return "integer";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "real";
  return typeof value === "string" ? "text" : "blob";
}

/** The first place outside of libraries. */
function callSite(): string | null {
  const lines = (new Error("site").stack ?? "").split("\n").slice(1);
  const found = lines.find((line) => !/node:|node_modules|[/\\](src|dist)[/\\]record[/\\.]/.test(line));
  return found === undefined ? null : found.trim().replace(/^at\s+(async\s+)?/, "");
}
