import type { CommandName } from "../targets.ts";

/** A command: what `--help` prints and the reference is generated from. Plain data, which loads no library. */
export interface CommandSpec {
  readonly name: CommandName;
  readonly group: CommandGroup;
  readonly arguments?: string;
  readonly summary: string;
  readonly description: string;
  readonly options: readonly OptionSpec[];
  readonly example: string;
}

export interface OptionSpec {
  readonly flags: string;
  readonly description: string;
  readonly repeatable?: boolean;
}

/** The groups of `changeover --help`, in its order. */
export const COMMAND_GROUPS = {
  look: "Look",
  schema: "Schema",
  move: "Move",
  switch: "Switch",
  afterwards: "Afterwards",
  fleet: "Fleets",
  server: "This machine",
} as const;

export type CommandGroup = keyof typeof COMMAND_GROUPS;
