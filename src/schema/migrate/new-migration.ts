import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { messageOf, UsageError } from "../../errors.ts";
import { type MigrationLanguage, newFileText } from "./new-file-text.ts";
import { migrationNames } from "./read-migration-files.ts";
import { writeMigrationFiles } from "./write-migration-files.ts";

/** Options of {@link newMigration}. */
export interface NewMigration {
  /** Where it is written. */
  readonly directory: string;
  /** Letters and digits; the rest becomes `_`. */
  readonly name: string;
  /** Language of the file. */
  readonly language: MigrationLanguage;
  /** Null: as the last file has it, or a counter. */
  readonly format?: PrefixFormat | null;
  /** A file to copy, which also gives the extension; null: the built-in text. */
  readonly template?: string | null;
  /** Files that are no migrations; null: those that begin with a dot. */
  readonly ignorePattern?: string | null;
}

/** What stands in front of a file's name: node-pg-migrate's words for it. */
export const PREFIX_FORMATS = ["timestamp", "utc", "index"] as const;

export type PrefixFormat = (typeof PREFIX_FORMATS)[number];

/**
 * Writes an empty migration file that comes last, named like the others; returns its path.
 * @throws UsageError: `USAGE` where the name has no letter or digit, or the template cannot be read.
 */
export function newMigration({ directory, format, ignorePattern, language, name, template }: NewMigration): string {
  const words = name
    .trim()
    .replace(EXTENSION, "")
    .match(/[\p{L}\p{N}]+/gu);
  if (words === null)
    throw new UsageError({
      code: "USAGE",
      message: "a migration needs a name of letters or digits",
      hint: "changeover new add_price_to_items",
    });
  const names = migrationNames(directory, ignorePattern ?? undefined);
  const separator = /^\d+([-_])/.exec(names.at(-1) ?? "")?.[1] ?? "_";
  const now = new Date();
  const prefix = format == null ? nextPrefix(names, now) : prefixOf(format, names, now);
  const file = template == null ? { text: newFileText(language), extension: `.${language}` } : readTemplate(template);
  const path = join(directory, `${prefix}${separator}${words.join(separator)}${file.extension}`);
  writeMigrationFiles(directory, [{ name: basename(path), text: file.text }]);
  return path;
}

const EXTENSION = /\.(sql|[cm]?[jt]s)$/;

function readTemplate(path: string): { readonly text: string; readonly extension: string } {
  const [extension] = EXTENSION.exec(path) ?? [];
  try {
    if (extension === undefined) throw new Error("its name ends in none of .sql, .ts and .js");
    return { text: readFileSync(path, "utf8"), extension };
  } catch (cause) {
    throw new UsageError({
      code: "USAGE",
      message: `the template ${path} cannot be used: ${messageOf(cause)}`,
      hint: "give the path of a file to --template-file-name; its extension is the new file's",
      cause,
    });
  }
}

/** A prefix of one format; it comes last only if the files before have it, too. */
function prefixOf(format: PrefixFormat, names: readonly string[], now: Date): string {
  if (format === "timestamp") return String(now.getTime());
  if (format === "utc") return now.toISOString().replace(/\D/g, "");
  const numbers = names.flatMap((name) => /^\d+/.exec(name) ?? []);
  const digits = numbers.length === 0 ? 4 : Math.max(...numbers.map((number) => number.length));
  const last = numbers.reduce((most, number) => (BigInt(number) > most ? BigInt(number) : most), 0n);
  return String(last + 1n).padStart(digits, "0");
}

/** The prefix after the last one, of the same kind: a counter, or a timestamp in one of several formats. */
export function nextPrefix(names: readonly string[], now: Date): string {
  const last = /^\d+/.exec(names.at(-1) ?? "")?.[0];
  if (last === undefined) return "0001";
  const present = presentTime(last.length, now);
  const next = (BigInt(last) + 1n).toString().padStart(last.length, "0");
  return present === null || BigInt(present) <= BigInt(last) ? next : present;
}

/** The current time as a number with this many digits; null if there is no such format. */
function presentTime(digits: number, now: Date): string | null {
  const utc = now.toISOString().replace(/\D/g, "");
  if (digits === 17 || digits === 14) return utc.slice(0, digits);
  if (digits === 13) return String(now.getTime());
  return digits === 10 ? String(Math.floor(now.getTime() / 1000)) : null;
}
