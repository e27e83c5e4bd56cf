import { relative, resolve } from "node:path";
import { MIGRATION_LANGUAGES, type MigrationLanguage } from "../../schema/migrate/new-file-text.ts";
import { newMigration, PREFIX_FORMATS, type PrefixFormat } from "../../schema/migrate/new-migration.ts";
import { oneOf } from "../one-of.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = ({ options, positional, output, connections }) => {
  const path = newMigration({
    directory: connections.migrationsDirectory(),
    name: positional[0] ?? "",
    language: languageOf(options),
    format: formatOf(options["migrationFilenameFormat"]),
    template: typeof options["templateFileName"] === "string" ? resolve(options["templateFileName"]) : null,
    ignorePattern: connections.config.migrations.ignorePattern ?? null,
  });
  const shown = relative(process.cwd(), path);
  output.result(`${shown} is yours: write both halves; then \`changeover up --dry-run\`, \`changeover up\``, {
    ok: true,
    path,
  });
  return Promise.resolve(0);
};

function languageOf(options: Readonly<Record<string, unknown>>): MigrationLanguage {
  const given = options["migrationFileLanguage"];
  if (given === undefined) return options["ts"] === true ? "ts" : "sql";
  return oneOf(given, MIGRATION_LANGUAGES, "--migration-file-language");
}

function formatOf(given: unknown): PrefixFormat | null {
  return given === undefined ? null : oneOf(given, PREFIX_FORMATS, "--migration-filename-format");
}
