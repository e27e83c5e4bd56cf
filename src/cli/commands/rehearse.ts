import { UsageError } from "../../errors.ts";
import { cutoverOptions } from "../cutover-options.ts";
import { rehearsalDocument, renderRehearsal, withCheck } from "../render-rehearsal.ts";
import { checkQueries, requiredQueries } from "../require-queries.ts";
import type { CommandContext, RunVerb } from "../run-command.ts";

export const run: RunVerb = async (context) => {
  const { connections, options, output } = context;
  if (typeof options["copy"] === "string") return onCopy(context, options["copy"]);
  if (options["failback"] === false)
    throw new UsageError({
      code: "USAGE",
      message: "--no-failback is for a rehearsal on a copy",
      hint: "give --copy FILE, too, or leave it out",
    });
  const migration = await connections.migration();
  const rehearsed = await migration.rehearse(cutoverOptions(options, connections.config));
  const rehearsal = withCheck(rehearsed, await checkQueries(migration, requiredQueries(options, connections.config)));
  output.result(renderRehearsal(rehearsal), rehearsalDocument(rehearsal));
  return rehearsal.ok ? 0 : 1;
};

async function onCopy({ connections, options, output }: CommandContext, copy: string): Promise<number> {
  if (options["requireQueries"] !== undefined)
    throw new UsageError({
      code: "USAGE",
      message: "a rehearsal on a copy ends with a cutover: there is no time at which statements can be tried on both",
      hint: "leave out --copy, or --require-queries",
    });
  if (options["postponeUntil"] !== undefined || options["hook"] !== undefined)
    throw new UsageError({
      code: "USAGE",
      message: "a rehearsal on a copy waits for nothing and calls no hook",
      hint: "leave out --postpone-until and --hook; hooks of the config are not called either",
    });
  if (connections.config.source === null)
    await connections.confirm(
      `writes to ${copy}: capture and a fence, for as long as the rehearsal lasts. No source is given, ` +
        "so that a copy cannot be told from the application's own file",
    );
  const migration = await connections.migration("target-only");
  const rehearsal = await migration.rehearse({
    ...cutoverOptions(options, connections.config),
    copy,
    ...(connections.isEmbedded ? { embedded: await connections.embedded() } : {}),
  });
  output.result(renderRehearsal(rehearsal, copy), rehearsalDocument(rehearsal));
  return rehearsal.ok ? 0 : 1;
}
