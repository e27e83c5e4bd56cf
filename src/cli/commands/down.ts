import { howFar } from "../how-far.ts";
import type { RunVerb } from "../run-command.ts";
import { runUndo } from "../run-undo.ts";

export const run: RunVerb = async (command) => {
  const { connections, options, output, positional } = command;
  const migration = await connections.migration("target-only");
  if (options["print"] !== true) return runUndo(command, migration, "down");
  const { migrations, sql } = await migration.migrations.rollbackFile(
    howFar(positional[0], options["timestamp"] === true),
  );
  output.result(sql.trimEnd(), { ok: true, migrations, sql });
  return 0;
};
