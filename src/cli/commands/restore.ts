import { UsageError } from "../../errors.ts";
import { renderCount } from "../../status/render-count.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ options, positional, output, connections }) => {
  const [directory] = positional;
  if (directory === undefined)
    throw new UsageError({
      code: "USAGE",
      message: "restore takes the directory of a backup",
      hint: "`changeover down` named it when it wrote the backup: changeover restore changeover-backups/…",
    });
  const migration = await connections.migration("target-only");
  const { madeAt, tables, rows } = await migration.migrations.restore(directory, {
    intoFilled: options["intoFilled"] === true,
    partial: options["partial"] === true,
  });
  const lines = tables.map(
    ({ table, rows: of, columns, gone }) =>
      `  ${table}: ` +
      (columns === null ? renderCount(of, "row") : `${columns.join(", ")} in ${renderCount(of, "row")}`) +
      (gone === 0
        ? ""
        : `; ${renderCount(gone, "row")} of the backup ${gone === 1 ? "is" : "are"} not there any more, and left out`),
  );
  output.result(
    [
      `Restored what was backed up on ${madeAt}, and counted again:`,
      ...lines,
      "The backup is still there: remove it when you are sure that you need it no more.",
    ].join("\n"),
    { ok: true, madeAt, rows, tables },
  );
  return 0;
};
