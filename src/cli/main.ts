import { Command } from "commander";
import { version } from "../version.ts";
import { COMMANDS, optionsOf } from "./commands.ts";
import { reportFailure } from "./report-failure.ts";
import type { CommandRun } from "./run-command.ts";
import { COMMAND_GROUPS, type CommandSpec, type OptionSpec } from "./specs/command-spec.ts";
import { POLICY_WORDS, TARGETS } from "./targets.ts";

/** The command line: flags to one call of the library, its result to stdout, its errors to an exit code. */
export async function main(args: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", passOverClosedPipe);
  const program = buildProgram();
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = reportFailure(error, args);
  }
  endSoon();
}

const LINGER_MS = 300;

/** Everything is printed and closed. Only a connection to a silent server may be left, for its ten seconds. */
function endSoon(): void {
  const exitWhenWritten = () => {
    if (process.stdout.writableLength > 0 || process.stderr.writableLength > 0)
      setTimeout(exitWhenWritten, LINGER_MS).unref();
    else process.exit();
  };
  setTimeout(exitWhenWritten, LINGER_MS).unref();
}

/** The reader of our output is gone (`| head`): that must not stop a cutover half-way. */
function passOverClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** The program with all commands, for running and for `--help`. */
export function buildProgram(): Command {
  const program = new Command("changeover")
    .description(
      "Moves a live SQLite or libSQL database to PostgreSQL: every row verified, cutover in well under a second.",
    )
    .version(version(), "--version")
    .showHelpAfterError(false)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
  program.addHelpText("after", "\nExample:\n  changeover full --source app.db\n\nEach command has its own --help.");
  for (const spec of COMMANDS) addCommand(program, spec);
  return program;
}

function addCommand(program: Command, spec: CommandSpec): void {
  const command = program
    .command(spec.arguments === undefined ? spec.name : `${spec.name} ${spec.arguments}`)
    .helpGroup(`${COMMAND_GROUPS[spec.group]}:`)
    .summary(spec.summary)
    .description(spec.description)
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
  for (const option of optionsOf(spec)) addOption(command, option);
  command.addHelpText("after", `\n${POLICY_WORDS[TARGETS[spec.name]]}\n\nExample:\n  ${spec.example}`);
  command.action(async (...given: unknown[]) => {
    const options = command.opts<Record<string, unknown>>();
    const positional = given
      .slice(0, -2)
      .flat()
      .filter((value): value is string => typeof value === "string");
    const { runCommand } = await import("./run-command.ts");
    process.exitCode = await runCommand({ spec, options, positional } satisfies CommandRun);
  });
}

function addOption(command: Command, option: OptionSpec): void {
  if (option.repeatable === true)
    command.option(option.flags, option.description, (value: string, before: string[] | undefined) => [
      ...(before ?? []),
      value,
    ]);
  else command.option(option.flags, option.description);
}
