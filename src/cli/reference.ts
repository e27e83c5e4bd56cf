import { COMMANDS, COMMON_OPTIONS, EMBEDDED_OPTION, type OptionWords } from "./commands.ts";
import { POLICY_WORDS, TARGETS } from "./targets.ts";

/** docs/reference.md, made from the same words as `--help`. A test keeps the file as this says. */
export function renderReference(): string {
  const rows = (options: readonly OptionWords[]) =>
    options
      .map(
        ({ flags, description }) => `| \`${flags.replaceAll("|", "\\|")}\` | ${description.replaceAll("|", "\\|")} |`,
      )
      .join("\n");
  const table = (options: readonly OptionWords[]) => `| option | meaning |\n|---|---|\n${rows(options)}\n`;
  const commands = COMMANDS.map(
    (words) =>
      `## changeover ${words.name}${words.arguments === undefined ? "" : ` ${words.arguments}`}\n\n${words.description}\n\n${POLICY_WORDS[TARGETS[words.name]]}\n\n${words.options.length === 0 ? "" : `${table(words.options)}\n`}\`\`\`sh\n${words.example}\n\`\`\`\n`,
  );
  return `# Reference\n\nMade from the command line's own words; do not edit.\n\n## Options of every command\n\n${table(COMMON_OPTIONS)}\nOf every command that looks at a target:\n\n${table([EMBEDDED_OPTION])}\n${commands.join("\n")}`;
}
