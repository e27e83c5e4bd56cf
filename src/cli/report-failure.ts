import { CommanderError } from "commander";
import { ChangeoverError, InterruptedError, messageOf, UsageError } from "../errors.ts";
import { createOutput } from "./output.ts";

/** Prints what went wrong and how to go on; returns the exit code. */
export function reportFailure(error: unknown, args: readonly string[]): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    return reportFailure(usageError(error), args);
  }
  const json = args.includes("--json");
  const failure = error instanceof ChangeoverError ? error : null;
  const code = failure?.code ?? "BUG";
  const hint = failure?.hint ?? "this is a bug of changeover: please report it, with the text below";
  const output = createOutput({ json, quiet: false, stdout: process.stdout, stderr: process.stderr });
  const { leftOut, losses, table, warnings } = failure?.context ?? {};
  if (json)
    output.result("", {
      error: {
        code,
        message: messageOf(error),
        hint,
        ...(typeof table === "string" ? { table } : {}),
        ...(Array.isArray(losses) ? { losses } : {}),
      },
      ...(leftOut === undefined ? {} : { leftOut, warnings }),
    });
  process.stderr.write(`error: ${messageOf(error)} [${code}]\nhint: ${hint}\n`);
  if (failure === null && error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
  if (process.env["CHANGEOVER_DEBUG"] !== undefined && failure !== null)
    process.stderr.write(`${failure.stack ?? ""}\n${failure.cause instanceof Error ? failure.cause.stack : ""}\n`);
  if (error instanceof InterruptedError) return 130;
  if (error instanceof UsageError) return 2;
  return failure === null ? 70 : 1;
}

/** Commander appends the option or command that was probably meant: that is our hint. */
function usageError({ message }: CommanderError): UsageError {
  const [text = "", near] = message.replace(/^error: /, "").split(/\n\(Did you mean (?:one of )?|\?\)$/);
  return new UsageError({
    code: "USAGE",
    message: message === "(outputHelp)" ? "no command given" : text,
    hint:
      near === undefined || near === ""
        ? "`changeover --help` lists the commands, `changeover COMMAND --help` their options"
        : `did you mean ${near}?`,
  });
}
