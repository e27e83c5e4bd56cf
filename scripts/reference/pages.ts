import { renderCommands } from "./commands.ts";
import { renderConfig } from "./config.ts";
import { renderErrors } from "./errors.ts";
import { renderFindings } from "./findings.ts";
import { renderMetricsPage } from "./metrics.ts";

/** The generated pages, by path. docs/reference/library.md is TypeDoc's: see scripts/library-page.mjs. */
export const REFERENCE: Readonly<Record<string, () => string | Promise<string>>> = {
  "docs/reference/commands.md": renderCommands,
  "docs/reference/config.md": renderConfig,
  "docs/reference/errors.md": renderErrors,
  "docs/reference/findings.md": renderFindings,
  "docs/reference/metrics.md": renderMetricsPage,
};
