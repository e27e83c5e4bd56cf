import type { RunVerb } from "../run-command.ts";
import { reportOf, writeReport } from "../with-report.ts";

export const run: RunVerb = async ({ connections, output, positional }) => {
  const path = reportOf(positional[0]) ?? "";
  await writeReport(path, connections);
  output.result(`the report is ${path}`, { ok: true, file: path });
  return 0;
};
