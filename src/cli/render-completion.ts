import type { CommandSpec, OptionSpec } from "./specs/command-spec.ts";

/** Shells that `changeover completion` writes for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

export interface CompletedCommand {
  readonly spec: CommandSpec;
  readonly options: readonly OptionSpec[];
}

/** A script that completes commands, their options and, after an option that takes a value, files. */
export function renderCompletion(shell: Shell, commands: readonly CompletedCommand[]): string {
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      // zsh reads bash's completions itself: https://zsh.sourceforge.io/Doc/Release/Completion-System.html
      return `#compdef changeover\nautoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case "fish":
      return fish(commands);
  }
}

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(
    ({ options, spec }) => `    ${spec.name}) words="${options.flatMap(namesOf).join(" ")}" ;;`,
  );
  return `_changeover() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ spec }) => spec.name).join(" ")} --help --version" -- "$current"))
    return
  fi
  case "$previous" in
    ${withValue(commands).join("|")}) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words --help" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _changeover changeover
`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ options, spec }) => [
    `complete -c changeover -n __fish_use_subcommand -a ${spec.name} -d ${quoted(spec.summary)}`,
    ...options.map((option) => {
      const [name = ""] = namesOf(option);
      const value = takesValue(option) ? " -r" : "";
      const when = quoted(`__fish_seen_subcommand_from ${spec.name}`);
      return `complete -c changeover -n ${when} -l ${name.slice(2)}${value} -d ${quoted(option.description)}`;
    }),
  ]);
  return `${lines.join("\n")}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function namesOf({ flags }: OptionSpec): string[] {
  return flags.match(/--[a-zA-Z-]+/g) ?? [];
}

function takesValue({ flags }: OptionSpec): boolean {
  return flags.includes("<");
}

function withValue(commands: readonly CompletedCommand[]): string[] {
  return [...new Set(commands.flatMap(({ options }) => options.filter(takesValue).flatMap(namesOf)))].sort();
}
