import { COMMANDS, optionsOf } from "../commands.ts";
import { oneOf } from "../one-of.ts";
import { renderCompletion, SHELLS } from "../render-completion.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ output, positional }) => {
  const shell = oneOf(positional[0], SHELLS, "completion");
  const script = renderCompletion(
    shell,
    COMMANDS.map((spec) => ({ spec, options: optionsOf(spec) })),
  );
  output.result(script.trimEnd(), { ok: true, shell, script });
  return 0;
};
