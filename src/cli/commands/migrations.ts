import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ output, ends }) => {
  const migration = await ends.migration("target-only");
  const migrations = await migration.migrations();
  const text = migrations.length === 0 ? `no migration files in ${ends.migrationsDirectory()}` : migrations.map(({ name, state, appliedAt }) => `${state.padEnd(12)} ${name}${appliedAt === null ? "" : `  ${appliedAt}`}`).join("\n");
  output.result(text, { ok: true, migrations });
  return 0;
};
