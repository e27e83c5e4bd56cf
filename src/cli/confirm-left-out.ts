import { UsageError } from "../errors.ts";
import { leftOutOnly, type Notice, reportNotices } from "../model/left-out.ts";
import type { Announcement, Confirm } from "../run/confirmation.ts";
import { renderCount, renderDuration } from "../status/render-count.ts";
import { renderNotices } from "../status/render-notices.ts";
import type { Connections } from "./connections.ts";

export interface ConfirmOptions {
  readonly connections: Connections;
  readonly command: "full" | "cutover";
  /** What the command does to both databases, as the end of "This …". */
  readonly what: string;
  /** Whether a person at a terminal is asked also where nothing is left out. */
  readonly isAlwaysAsked: boolean;
}

/**
 * At a terminal: shows what does not come over as it is, and asks. Elsewhere only `--yes`, or `--accept` for each code,
 * lets it pass, so that nobody finds out after the switch.
 */
export function confirmLeftOut({ command, connections, isAlwaysAsked, what }: ConfirmOptions): Confirm {
  return async (announcement) => {
    const { open } = announcement;
    if (connections.yes) return "yes";
    if (!connections.isTerminal) {
      if (open.length === 0) return null;
      throw unconfirmed(announcement, command);
    }
    if (open.length === 0 && !isAlwaysAsked) return null;
    await connections.demand(`${questionOf(announcement)}This ${what}.`);
    return "terminal";
  };
}

/** `copies app.db … and then cuts over`, as `full` does. */
export function whatFullDoes(
  connections: Connections,
  target: string,
  maxDowntimeMs: number,
  isCutOver: boolean,
): string {
  const copy = `copies ${connections.source()} to ${target} and keeps both in sync`;
  return isCutOver ? `${copy}; then it ${whatCutoverDoes(maxDowntimeMs)}` : copy;
}

/** The end of that, which is all that `cutover` does. */
export function whatCutoverDoes(maxDowntimeMs: number): string {
  return (
    "cuts over: the source refuses writes for good, and PostgreSQL takes over, " +
    `within ${renderDuration(maxDowntimeMs)} or not at all`
  );
}

function questionOf({ notices }: Announcement): string {
  const { length } = leftOutOnly(notices);
  if (notices.length === 0) return "";
  const head =
    length === 0
      ? renderCount(notices.length, "warning")
      : `${renderCount(length, "thing")} of the schema ${length === 1 ? "does" : "do"} not come over as in the source`;
  return [`${head}. \`changeover validate\` explains each:`, ...renderNotices(notices), ""].join("\n");
}

function unconfirmed({ open }: Announcement, command: string): UsageError {
  const left = leftOutOnly(open).length;
  const codes = [...new Set(open.map(({ code }) => code))];
  const counts = [
    ...(left === 0 ? [] : [`${renderCount(left, "thing")} of the schema would not come over as in the source`]),
    ...(left === open.length ? [] : [renderCount(open.length - left, "warning")]),
  ];
  return new UsageError({
    code: "CONFIRMATION_REQUIRED",
    message: `${counts.join(", and ")}, and nobody has confirmed that:\n${renderNotices(open).join("\n")}`,
    hint:
      `\`changeover validate\` explains each; if that is what you want, run \`changeover ${command}\` again ` +
      `with --yes, or with ${codes.map((code) => `--accept ${code}`).join(" ")}`,
    context: { ...reportNotices(open satisfies readonly Notice[]) },
  });
}
