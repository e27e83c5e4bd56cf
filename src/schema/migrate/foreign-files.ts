import { existsSync } from "node:fs";
import { join } from "node:path";
import { RefusedError } from "../../errors.ts";

interface NamedText {
  readonly file: string;
  readonly text: string;
}

/** Signs by which other tools' files are known. Run as ours, most of them would do something else than they say. */
const SIGNS: readonly { readonly tool: string; readonly is: (file: NamedText) => boolean }[] = [
  { tool: "golang-migrate's or sqlx's", is: ({ file }) => /\.(up|down)\.sql$/.test(file) },
  { tool: "Goose's", is: ({ text }) => /^\s*--\s*\+goose\s+up\b/im.test(text) },
  { tool: "dbmate's", is: ({ text }) => /^\s*--\s*migrate:up\b/im.test(text) },
  { tool: "Drizzle's", is: ({ text }) => /^--> statement-breakpoint$/m.test(text) },
  { tool: "Knex's", is: ({ file, text }) => !file.endsWith(".sql") && /\bup\b[^\n]*\(\s*knex\b/.test(text) },
  {
    tool: "Sequelize's",
    is: ({ file, text }) => !file.endsWith(".sql") && /\bup\b[^\n]*\(\s*\{?\s*(context|queryInterface)\b/.test(text),
  },
  {
    tool: "TypeORM's",
    is: ({ file, text }) => !file.endsWith(".sql") && /\bimplements\s+MigrationInterface\b/.test(text),
  },
];

/** Throws where a directory is another tool's. */
export function refuseForeignFiles(directory: string, files: readonly NamedText[]): void {
  const journal = existsSync(join(directory, "meta", "_journal.json")) && files.length > 0;
  for (const { is, tool } of SIGNS) {
    const found = files.find(is) ?? (journal && tool === "Drizzle's" ? files[0] : undefined);
    if (found === undefined) continue;
    throw new RefusedError({
      code: "MIGRATIONS_OF_OTHERS",
      message: `${found.file} in ${directory} is ${tool}: run as node-pg-migrate's it would do something else than it says`,
      hint: `let that tool make the target's schema, and changeover fills it (docs/guides/orms.md); for migrations of your own here, give another directory with --migrations-dir`,
      context: { directory, file: found.file },
    });
  }
}
