import type { FullOptions } from "../api/options.ts";
import type { Config } from "../config.ts";
import { RefusedError } from "../errors.ts";
import { runShell } from "./run-shell.ts";

/** What flags and config say of who makes the target's tables. */
export function schemaMaker({ schemaBy, schemaCommand }: Config): Pick<FullOptions, "schemaBy" | "makeSchema"> {
  return {
    ...(schemaBy === null ? {} : { schemaBy }),
    ...(schemaCommand === null || schemaBy === "changeover"
      ? {}
      : {
          makeSchema: async ({ target, signal }) => {
            const environment = { DATABASE_URL: target, CHANGEOVER_TARGET: target };
            const ended = await runShell(schemaCommand, environment, signal);
            if (ended !== null) throw failed(schemaCommand, ended.how, ended.cause);
          },
        }),
  };
}

function failed(command: string, how: string, cause: unknown): RefusedError {
  return new RefusedError({
    code: "SCHEMA_COMMAND_FAILED",
    message: `the schema command failed (${how}): ${command}`,
    hint: "see what it printed; it gets the target's URL in DATABASE_URL and CHANGEOVER_TARGET. Nothing was copied",
    context: { command },
    ...(cause === undefined ? {} : { cause }),
  });
}
