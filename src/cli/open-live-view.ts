import { LiveView, type TerminalStream } from "./live-view.ts";
import { hasColor } from "./log-line.ts";

/** The live view of a terminal; null elsewhere. Its library is loaded only where it is of use. */
export async function openLiveView(stream: TerminalStream): Promise<LiveView | null> {
  if (stream.isTTY !== true || process.env["TERM"] === "dumb") return null;
  const { createLogUpdate } = await import("log-update");
  return new LiveView({
    stream,
    redraw: createLogUpdate(stream, { showCursor: true }),
    hasColor: hasColor(stream, process.env),
  });
}
