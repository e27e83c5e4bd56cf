import { relative } from "node:path";
import { newMigration } from "../../schema/migrate/new-migration.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = ({ options, positional, output, connections }) => {
  const path = newMigration({
    directory: connections.migrationsDirectory(),
    name: positional[0] ?? "",
    language: options["ts"] === true ? "ts" : "sql",
  });
  const shown = relative(process.cwd(), path);
  output.result(`${shown} is yours: write both halves; then \`changeover up --dry-run\`, \`changeover up\``, {
    ok: true,
    path,
  });
  return Promise.resolve(0);
};
