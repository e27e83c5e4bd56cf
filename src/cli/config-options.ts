import { Option } from "commander";
import type { Config } from "../config.ts";
import { optionsOf } from "./commands.ts";
import type { CommandSpec } from "./specs/command-spec.ts";

type Options = Readonly<Record<string, unknown>>;

/** The options of a command: what the command line does not say, the config file may. */
export function withConfigOptions(spec: CommandSpec, given: Options, { options }: Pick<Config, "options">): Options {
  const own = new Set(optionsOf(spec).map(({ flags }) => new Option(flags).attributeName()));
  // A rehearsal in place makes a failback ready in any case, one on a copy waits for nothing.
  if (spec.name === "rehearse") own.delete(given["copy"] === undefined ? "failback" : "postponeUntil");
  const said = Object.entries(options).filter(([name]) => own.has(name));
  const isLeftOpen = ([name]: readonly [string, unknown]) => given[name] === undefined || ALWAYS_SAID.has(name);
  return { ...given, ...Object.fromEntries(said.filter(isLeftOpen)) };
}

/** Options that exist to say no only: the command line cannot mean to say yes. */
const ALWAYS_SAID: ReadonlySet<string> = new Set(["failback"]);
