import type { EventListener, ProgressEvent } from "../events.ts";
import { jsonOf } from "../json-document.ts";
import { renderDuration } from "../status/render-count.ts";
import type { LiveView } from "./live-view.ts";
import { hasColor, type LogFormat, logLine, messageOfEvent, spokenLine } from "./log-line.ts";

/** What a command says, and where: results on stdout, progress and logs on stderr. */
export interface Output {
  readonly json: boolean;
  /** The result: text for people, or one JSON document. */
  result(text: string, document: unknown): void;
  /** One object of a stream, in JSON mode only. */
  line(document: unknown): void;
  /** A text in place of the last one: the terminal is cleared for it. Elsewhere they follow each other. */
  screen(text: string): void;
  /** A sentence for people, on stderr. */
  say(text: string): void;
  /** Rows that a sync brought over, for a live view. Says whether there is one. */
  follow(rows: number): boolean;
  readonly onEvent: EventListener;
  /** Ends a progress line that is still open. */
  settle(): void;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  /** Several lines at the bottom of a terminal; null elsewhere, where each message is a line with its time. */
  readonly live?: LiveView | null;
  readonly format?: LogFormat;
}

/** Cursor to the first place, then clear to the end of the screen. */
const CLEAR = "\u001b[H\u001b[J";
const PLAIN_EVERY_MS = 2_000;

export function createOutput({ format = "text", live = null, ...options }: OutputOptions): Output {
  const print = (text: string) => {
    if (options.quiet) return;
    if (live === null) options.stderr.write(`${text}\n`);
    else live.print(text);
  };
  const isColored = hasColor(options.stderr, process.env);
  const meters = new Map<string, Meter>();
  const progress = (event: ProgressEvent) => {
    if (options.quiet) return;
    if (live !== null) return live.progress(event);
    const meter = meters.get(event.phase) ?? new Meter(event.done);
    meters.set(event.phase, meter);
    if (meter.due(PLAIN_EVERY_MS, event.done >= event.total))
      print(logLine(event, renderProgress(event, meter), format));
  };
  const settle = () => live?.settle();
  return {
    json: options.json,
    result(text, document) {
      settle();
      options.stdout.write(options.json ? `${JSON.stringify(jsonOf(document))}\n` : `${text}\n`);
    },
    line(document) {
      if (options.json) options.stdout.write(`${JSON.stringify(jsonOf(document))}\n`);
    },
    screen(text) {
      settle();
      const isTerminal = options.stdout.isTTY === true;
      options.stdout.write(isTerminal ? `${CLEAR}${text}\n` : `${text}\n\n`);
    },
    say: (text) => print(spokenLine(text, format)),
    follow(rows) {
      if (!options.quiet) live?.follow(rows);
      return live !== null;
    },
    onEvent(event) {
      if (event.type === "progress") progress(event);
      else if (live !== null) live.print(messageOfEvent(event, isColored));
      else print(logLine(event, messageOfEvent(event), format));
    },
    settle,
  };
}

/** Rate and time left of one kind of work. */
class Meter {
  readonly #started = performance.now();
  readonly #from: number;
  #shown = Number.NEGATIVE_INFINITY;

  constructor(from: number) {
    this.#from = from;
  }

  due(every: number, last: boolean): boolean {
    const now = performance.now();
    if (!last && now - this.#shown < every) return false;
    this.#shown = now;
    return true;
  }

  rate(done: number): number {
    const seconds = (performance.now() - this.#started) / 1_000;
    return seconds < 0.05 ? 0 : (done - this.#from) / seconds;
  }
}

function renderProgress(event: ProgressEvent, meter: Meter): string {
  const percent = event.total === 0 ? 100 : Math.floor((event.done / event.total) * 100);
  const rate = meter.rate(event.done);
  const left =
    rate > 0 && event.done < event.total ? `, ${renderDuration(((event.total - event.done) / rate) * 1_000)} left` : "";
  const speed = rate > 0 ? `, ${Math.round(rate).toLocaleString("en-US")} ${event.unit}/s` : "";
  return (
    `${event.phase.padEnd(6)} ${String(percent).padStart(3)} %  ${event.done.toLocaleString("en-US")} of ` +
    `${event.total.toLocaleString("en-US")} ` +
    `${event.unit}${speed}${left}${event.detail === null ? "" : `  ${event.detail}`}`
  );
}
