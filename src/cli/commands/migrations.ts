import { UsageError } from "../../errors.ts";
import type { Migration } from "../../migration.ts";
import type { Output } from "../output.ts";
import { adviceOn, migrationsExitCode, renderMigrationList } from "../render-migration-list.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ options, output, connections }) => {
  const migration = await connections.migration("target-only");
  if (typeof options["show"] === "string") return show(migration, output, options["show"]);
  const migrations = await migration.migrations.list();
  const diffs: { readonly name: string; readonly diff: string }[] = [];
  for (const { name, state } of options["diff"] === true ? migrations : []) {
    const diff = state === "changed" ? (await migration.migrations.applied(name))?.diff : null;
    if (typeof diff === "string") diffs.push({ name, diff });
  }
  const text =
    migrations.length === 0
      ? `no migration files in ${connections.migrationsDirectory()}; \`changeover schema --write\` makes them ` +
        `from the source, \`changeover new NAME\` an empty one`
      : [renderMigrationList(migrations), ...diffs.map(({ diff }) => diff)].join("\n\n");
  output.result(text, { ok: true, migrations, ...(options["diff"] === true ? { diffs } : {}) });
  if (migrations.length > 0) output.say(adviceOn(migrations));
  return options["exitCode"] === true ? migrationsExitCode(migrations) : 0;
};

async function show(migration: Migration, output: Output, name: string): Promise<number> {
  const applied = await migration.migrations.applied(name);
  if (applied === null)
    throw new UsageError({
      code: "MIGRATION_NOT_RECORDED",
      message: `nothing is recorded of a migration ${name}`,
      hint:
        "`changeover migrations` lists them by their whole names; the files of those that something else " +
        "applied are recorded by the first `up` or `down`",
    });
  output.result(applied.text.replace(/\n$/, ""), { ok: true, ...applied });
  return 0;
}
