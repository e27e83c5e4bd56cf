import { basename, join } from "node:path";
import { UsageError } from "../../errors.ts";
import { migrationNames } from "./read-migration-files.ts";
import { writeMigrationFiles } from "./write-migration-files.ts";

/** Options of {@link newMigration}. */
export interface NewMigration {
  /** Where it is written. */
  readonly directory: string;
  /** Letters and digits; the rest becomes `_`. */
  readonly name: string;
  /** Language of the file. */
  readonly language: "sql" | "ts";
}

/** Writes an empty migration file that comes last, named like the others; returns its path. */
export function newMigration({ directory, language, name }: NewMigration): string {
  const words = name
    .trim()
    .replace(/\.(sql|ts)$/, "")
    .match(/[\p{L}\p{N}]+/gu);
  if (words === null)
    throw new UsageError({
      code: "USAGE",
      message: "a migration needs a name of letters or digits",
      hint: "changeover new add_price_to_items",
    });
  const names = migrationNames(directory);
  const separator = /^\d+([-_])/.exec(names.at(-1) ?? "")?.[1] ?? "_";
  const path = join(directory, `${nextPrefix(names, new Date())}${separator}${words.join(separator)}.${language}`);
  writeMigrationFiles(directory, [{ name: basename(path), text: language === "sql" ? SQL : TYPESCRIPT }]);
  return path;
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

const SQL = `-- Up Migration
-- The change itself, in plain SQL. All of it runs in one transaction, so write no BEGIN or COMMIT; a file with
-- CREATE INDEX CONCURRENTLY runs statement by statement instead, so give that a file of its own.


-- Down Migration
-- Undoes the change, so that the schema is as before: \`changeover down\` runs it. If it cannot be undone, remove
-- this section: \`changeover down\` then refuses, instead of doing nothing.

`;

const TYPESCRIPT = `import type { MigrationBuilder } from "node-pg-migrate";

/** The change itself. It runs in one transaction. */
export function up(pgm: MigrationBuilder): void {
  pgm.sql(\`\`);
}

/** Undoes the change. If that is impossible, write \`export const down = false;\`: \`changeover down\` then refuses. */
export function down(pgm: MigrationBuilder): void {
  pgm.sql(\`\`);
}
`;
