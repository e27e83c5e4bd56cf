import { existsSync } from "node:fs";
import { join } from "node:path";
import { RefusedError } from "../../errors.ts";

interface NamedText {
  readonly file: string;
  readonly text: string;
}

/** How to recognise other tools' files. Most would do something else than intended if run as ours. */
const TOOLS: readonly { readonly tool: string; readonly is: (file: NamedText) => boolean }[] = [
  { tool: "golang-migrate or sqlx", is: ({ file }) => /\.(up|down)\.sql$/.test(file) },
  { tool: "Goose", is: ({ text }) => /^\s*--\s*\+goose\s+up\b/im.test(text) },
  { tool: "dbmate", is: ({ text }) => /^\s*--\s*migrate:up\b/im.test(text) },
  { tool: "Drizzle", is: ({ text }) => /^--> statement-breakpoint$/m.test(text) },
  { tool: "Knex", is: ({ file, text }) => !file.endsWith(".sql") && /\bup\b[^\n]*\(\s*knex\b/.test(text) },
  {
    tool: "Sequelize",
    is: ({ file, text }) => !file.endsWith(".sql") && /\bup\b[^\n]*\(\s*\{?\s*(context|queryInterface)\b/.test(text),
  },
  {
    tool: "TypeORM",
    is: ({ file, text }) => !file.endsWith(".sql") && /\bimplements\s+MigrationInterface\b/.test(text),
  },
];

/** Throws if a directory belongs to another migration tool. */
export function refuseForeignFiles(directory: string, files: readonly NamedText[]): void {
  const journal = existsSync(join(directory, "meta", "_journal.json")) && files.length > 0;
  for (const { is, tool } of TOOLS) {
    const found = files.find(is) ?? (journal && tool === "Drizzle" ? files[0] : undefined);
    if (found === undefined) continue;
    throw new RefusedError({
      code: "MIGRATIONS_OF_OTHERS",
      message: `${found.file} in ${directory} is a migration of ${tool}: node-pg-migrate would not run it as intended`,
      hint:
        `let ${tool} create the target's schema, which changeover then fills (docs/guides/orms.md); for migrations ` +
        "of your own, give another directory with --migrations-dir",
      context: { directory, file: found.file },
    });
  }
}
