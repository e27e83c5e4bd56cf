import { type Config, loadConfig } from "../config.ts";
import { UsageError } from "../errors.ts";
import { staySmall } from "../stay-small.ts";
import { withConfigOptions } from "./config-options.ts";
import { Connections } from "./connections.ts";
import { keepMemory } from "./keep-memory.ts";
import { logFormatOf } from "./log-line.ts";
import { openLiveView } from "./open-live-view.ts";
import { createOutput, type Output } from "./output.ts";
import { reportFailure } from "./report-failure.ts";
import type { CommandSpec } from "./specs/command-spec.ts";
import { TARGETS } from "./targets.ts";
import { VERBS } from "./verbs.ts";
import { webhooksOf, withNotifications } from "./with-notifications.ts";
import { reportOf, withReport } from "./with-report.ts";
import { servedAt, withServing } from "./with-serving.ts";
import { withTicket } from "./with-ticket.ts";

/** One call of the command line, parsed. */
export interface CommandRun {
  readonly spec: CommandSpec;
  readonly options: Readonly<Record<string, unknown>>;
  readonly positional: readonly string[];
}

/** What every command gets. */
export interface CommandContext {
  readonly options: Readonly<Record<string, unknown>>;
  readonly positional: readonly string[];
  readonly output: Output;
  readonly connections: Connections;
  readonly signal: AbortSignal;
}

/** A command's file under `commands/` exports this; it returns the exit code. */
export type RunVerb = (context: CommandContext) => Promise<number>;

/** Runs a command to its exit code: signals end it in good order, whatever was opened is closed. */
export async function runCommand(run: CommandRun): Promise<number> {
  const json = run.options["json"] === true;
  try {
    const config = await loadConfig(run.options, process.env, process.cwd());
    const options = withConfigOptions(run.spec, run.options, config);
    return await runConfigured({ ...run, options }, config, run.options["serve"] !== undefined);
  } catch (error) {
    return reportFailure(error, json ? ["--json"] : []);
  }
}

/** `mustServe`: the command line asks for the page, and not only the config. */
async function runConfigured(run: CommandRun, config: Config, mustServe: boolean): Promise<number> {
  const json = run.options["json"] === true;
  const format = logFormatOf(run.options["logFormat"]);
  const quiet = run.options["quiet"] === true;
  const live = quiet || format === "json" ? null : await openLiveView(process.stderr);
  const output = createOutput({ json, quiet, stdout: process.stdout, stderr: process.stderr, live, format });
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(130);
    output.say("stopping in good order; once more to stop at once (the next start goes on from there either way)");
    output.say("the application goes on as it does now; what is committed stays, and `changeover status` shows it");
    stop.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  staySmall();
  keepMemory();
  let connections: Connections | undefined;
  try {
    connections = new Connections({
      config,
      policy: TARGETS[run.spec.name],
      onEvent: output.onEvent,
      say: output.say,
      settle: output.settle,
      signal: stop.signal,
      yes: run.options["yes"] === true,
      source: sourceErrorText(run.options),
    });
    connections.settleTarget();
    const webhooks = webhooksOf(run.options["notify"], process.env);
    const report = reportOf(run.options["report"]);
    const listen = servedAt(run.options["serve"]);
    const verb = await VERBS[run.spec.name]();
    const { options, positional } = run;
    const context = { options, positional, output, connections, signal: stop.signal };
    const ended: RunVerb = (given) => withTicket(run.spec.name, verb.run, given);
    const reported: RunVerb = report === null ? ended : (given) => withReport(report, ended, given);
    const served: RunVerb = listen === null ? reported : (given) => withServing({ listen, mustServe }, reported, given);
    return webhooks.length === 0 ? await served(context) : await withNotifications(webhooks, served, context);
  } catch (error) {
    output.settle();
    return reportFailure(error, json ? ["--json"] : []);
  } finally {
    await connections?.close();
    live?.close();
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}

function sourceErrorText(options: CommandRun["options"]): {
  readonly sourceMoved: boolean;
  readonly onlySource: boolean;
} {
  const [sourceMoved, onlySource] = [options["sourceMoved"] === true, options["onlySource"] === true];
  if (onlySource && !sourceMoved)
    throw new UsageError({
      code: "USAGE",
      message: "--only-source vouches for what --source-moved cannot prove, and says nothing alone",
      hint: "give --source-moved, too",
    });
  return { sourceMoved, onlySource };
}
