import { durationOf } from "../../duration.ts";
import { UsageError } from "../../errors.ts";
import { readStatementFile } from "../../queries/read-statement-file.ts";
import { queriesDocument, renderQueries } from "../render-queries.ts";
import type { RunVerb } from "../run-command.ts";
import { wholeNumber } from "../whole-number.ts";

export const run: RunVerb = async ({ connections, options, output, positional }) => {
  if (positional.length === 0)
    throw new UsageError({
      code: "USAGE",
      message: "no file of statements is given",
      hint: "give a file of SQL statements, or one that changeover/record wrote",
    });
  const statements = positional.flatMap(readStatementFile);
  const migration = await connections.migration();
  const result = await migration.queries(statements, {
    timeoutMs: durationOf(String(options["timeout"] ?? "5s"), "--timeout"),
    maxRows: wholeNumber(options["maxRows"] ?? 1_000, "--max-rows"),
    accept: connections.config.acceptedQueries,
    compat: options["compat"] === true,
    indexes: options["indexes"] === true,
  });
  const view = { showValues: options["showValues"] === true };
  output.result(renderQueries(result, view), queriesDocument(result, view));
  return result.ok ? 0 : 1;
};
