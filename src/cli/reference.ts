import { COMMANDS, COMMON_OPTIONS, EMBEDDED_OPTION } from "./commands.ts";
import type { OptionSpec } from "./specs/command-spec.ts";
import { POLICY_WORDS, TARGETS } from "./targets.ts";

/** docs/reference.md, made from the same words as `--help`. A test keeps the file as this says. */
export function renderReference(): string {
  const rows = (options: readonly OptionSpec[]) =>
    options
      .map(
        ({ flags, description }) => `| \`${flags.replaceAll("|", "\\|")}\` | ${description.replaceAll("|", "\\|")} |`,
      )
      .join("\n");
  const table = (options: readonly OptionSpec[]) => `| option | meaning |\n|---|---|\n${rows(options)}\n`;
  const commands = COMMANDS.map(
    (spec) =>
      `## changeover ${spec.name}${spec.arguments === undefined ? "" : ` ${spec.arguments}`}\n\n${spec.description}\n\n${POLICY_WORDS[TARGETS[spec.name]]}\n\n${spec.options.length === 0 ? "" : `${table(spec.options)}\n`}\`\`\`sh\n${spec.example}\n\`\`\`\n`,
  );
  return `# Reference\n\nMade from the command line's own words; do not edit.\n\n## Options of every command\n\n${table(COMMON_OPTIONS)}\nOf every command that looks at a target:\n\n${table([EMBEDDED_OPTION])}\n${commands.join("\n")}`;
}
