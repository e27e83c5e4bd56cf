/**
 * The only place that quotes names and values: one function per dialect and kind.
 *
 * Quote at the point of use, never before.
 */

/** An identifier for SQLite. Double quotes: `[x]` and backquotes cannot hold every name. */
export function sqliteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal for SQLite. */
export function sqliteString(value: string): string {
  if (value.includes("\0")) {
    throw new RangeError("a SQLite string literal cannot hold NUL");
  }
  return `'${value.replaceAll("'", "''")}'`;
}

/** An identifier for PostgreSQL. */
export function pgName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table of PostgreSQL with its schema. */
export function pgTable(table: { readonly schema: string; readonly name: string }): string {
  return `${pgName(table.schema)}.${pgName(table.name)}`;
}

/**
 * A string literal for PostgreSQL, correct under every `standard_conforming_strings`: a backslash makes it an E''
 * string.
 */
export function pgString(value: string): string {
  if (value.includes("\0")) {
    throw new RangeError("a PostgreSQL string literal cannot hold NUL");
  }
  const quoted = value.replaceAll("'", "''");
  // node-pg-migrate cuts a file at a line like its own comments, within a string, too.
  if (DIVIDES_A_FILE.test(value)) return `E'${quoted.replaceAll("\\", "\\\\").replaceAll("--", "\\x2d-")}'`;
  return quoted.includes("\\") ? `E'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`;
}

/** An argument on the command line of a POSIX shell. */
export function shellWord(word: string): string {
  return /^[\w.,:=@%+/-]+$/.test(word) && !word.startsWith("-") ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A comment by which node-pg-migrate tells the two halves of a file apart. */
export const DIVIDES_A_FILE = /--[\s-]*(up|down)\s+migration/i;
