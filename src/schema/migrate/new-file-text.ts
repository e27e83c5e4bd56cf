/** Languages of migration files, by their extension. */
export const MIGRATION_LANGUAGES = ["sql", "ts", "js", "mts", "mjs", "cts", "cjs"] as const;

export type MigrationLanguage = (typeof MIGRATION_LANGUAGES)[number];

/** The text of a new migration file: both halves, to be written. */
export function newFileText(language: MigrationLanguage): string {
  switch (language) {
    case "sql":
      return SQL;
    case "ts":
    case "mts":
    case "cts":
      return TYPESCRIPT;
    case "js":
    case "mjs":
      return MODULE;
    case "cjs":
      return COMMONJS;
  }
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

const MODULE = `/**
 * The change itself. It runs in one transaction.
 * @param {import("node-pg-migrate").MigrationBuilder} pgm
 */
export const up = (pgm) => {
  pgm.sql(\`\`);
};

/**
 * Undoes the change. If that is impossible, write \`export const down = false;\`: \`changeover down\` then refuses.
 * @param {import("node-pg-migrate").MigrationBuilder} pgm
 */
export const down = (pgm) => {
  pgm.sql(\`\`);
};
`;

const COMMONJS = `/**
 * The change itself. It runs in one transaction.
 * @param {import("node-pg-migrate").MigrationBuilder} pgm
 */
exports.up = (pgm) => {
  pgm.sql(\`\`);
};

/**
 * Undoes the change. If that is impossible, write \`exports.down = false;\`: \`changeover down\` then refuses.
 * @param {import("node-pg-migrate").MigrationBuilder} pgm
 */
exports.down = (pgm) => {
  pgm.sql(\`\`);
};
`;
