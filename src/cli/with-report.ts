import { accessSync, constants, statSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { TimedStep } from "../api/results.ts";
import { messageOf, UsageError } from "../errors.ts";
import type { EventRecord } from "../report/event-record.ts";
import type { Connections } from "./connections.ts";
import type { CommandContext, RunVerb } from "./run-command.ts";

/** The file of `--report`, checked before the command begins; null if none is asked for. */
export function reportOf(given: unknown): string | null {
  if (typeof given !== "string") return null;
  const path = resolve(given);
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (cause) {
    throw notWritable(path, cause);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw notWritable(path, "it is a directory");
  return path;
}

/** Runs a command and writes its report, also when it failed. A report that cannot be written changes no exit code. */
export async function withReport(path: string, run: RunVerb, context: CommandContext): Promise<number> {
  const { EventRecord } = await import("../report/event-record.ts");
  const events = new EventRecord();
  context.connections.listeners.push((event) => events.add(event));
  let timeline: readonly TimedStep[] = [];
  const output = {
    ...context.output,
    result(text: string, document: unknown) {
      timeline = timelineOf(document);
      context.output.result(text, document);
    },
  };
  try {
    return await run({ ...context, output });
  } finally {
    try {
      await writeReport(path, context.connections, { events, timeline });
      context.output.say(`the report is ${path}`);
    } catch (error) {
      context.output.say(`warning: no report was written: ${messageOf(error)}`);
    }
  }
}

/** Writes the report of the run into a file, complete or not at all. */
export async function writeReport(
  path: string,
  connections: Connections,
  seen: { readonly events?: EventRecord; readonly timeline?: readonly TimedStep[] } = {},
): Promise<void> {
  const { collectReport } = await import("../report/collect-report.ts");
  const { renderReport } = await import("../report/render-report.ts");
  const text = await renderReport(await collectReport(await connections.migration("target-only"), seen));
  const temporary = `${path}.unfinished`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (cause) {
    throw notWritable(path, cause);
  }
}

/** The steps behind the fence, which the documents of `cutover` and `full` have. */
function timelineOf(document: unknown): readonly TimedStep[] {
  if (typeof document !== "object" || document === null || !("timeline" in document)) return [];
  const { timeline } = document;
  return Array.isArray(timeline) ? timeline.filter(isTimedStep) : [];
}

function isTimedStep(value: unknown): value is TimedStep {
  return typeof value === "object" && value !== null && "step" in value && "durationMs" in value;
}

function notWritable(path: string, cause: unknown): UsageError {
  return new UsageError({
    code: "REPORT_NOT_WRITABLE",
    message: `${path} cannot be written: ${typeof cause === "string" ? cause : messageOf(cause)}`,
    hint: "give a path in a directory that exists and that you may write to",
    cause,
  });
}
