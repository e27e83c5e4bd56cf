import type { MigrationEvent } from "../events.ts";
import { jsonOf } from "../json-document.ts";
import { oneOf } from "./one-of.ts";
import { paint } from "./paint.ts";

const LOG_FORMATS = ["text", "json"] as const;

/** How messages and progress stand on stderr. */
export type LogFormat = (typeof LOG_FORMATS)[number];

/** The format of `--log-format`. */
export function logFormatOf(given: unknown): LogFormat {
  return given === undefined ? "text" : oneOf(given, LOG_FORMATS, "--log-format");
}

/** One event as one line: text with its time, or JSON. `text`: what a person reads. */
export function logLine(event: MigrationEvent, text: string, format: LogFormat): string {
  if (format === "json") return JSON.stringify(jsonOf({ level: levelOf(event), ...event }));
  return `${event.at.slice(0, 19)}Z ${text}`;
}

/** A sentence of the command line itself. */
export function spokenLine(text: string, format: LogFormat, at = new Date()): string {
  return format === "json"
    ? JSON.stringify({ level: "info", type: "step", at: at.toISOString(), message: text })
    : text;
}

/** Warnings are yellow where there is color. */
export function messageOfEvent(event: Exclude<MigrationEvent, { type: "progress" }>, hasColor = false): string {
  if (event.type === "step") return event.message;
  const text = `warning: ${event.message}`;
  return hasColor ? paint("yellow", text) : text;
}

/** https://no-color.org: any text that is not empty turns color off. */
export function hasColor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && (environment["NO_COLOR"] ?? "") === "" && environment["TERM"] !== "dumb";
}

function levelOf(event: MigrationEvent): "info" | "warning" {
  return event.type === "warning" ? "warning" : "info";
}
