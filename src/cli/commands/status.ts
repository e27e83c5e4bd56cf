import { renderStatus } from "../../status/render-text.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ output, connections }) => {
  const migration = await connections.migration("target-only");
  const status = await migration.status();
  output.result(renderStatus(status), status);
  return 0;
};
