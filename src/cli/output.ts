import type { EventListener, ProgressEvent } from "../events.ts";
import { jsonOf } from "../json-document.ts";
import { renderDuration } from "../status/render-count.ts";

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
  readonly onEvent: EventListener;
  /** Ends a progress line that is still open. */
  settle(): void;
}

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

/** Cursor to the first place, then clear to the end of the screen. */
const CLEAR = "\u001b[H\u001b[J";
const PLAIN_EVERY_MS = 2_000;
const TERMINAL_EVERY_MS = 100;

export function createOutput(options: OutputOptions): Output {
  const terminal = options.stderr.isTTY === true;
  let open = false;
  const settle = () => {
    if (open) options.stderr.write("\n");
    open = false;
  };
  const say = (text: string) => {
    if (options.quiet) return;
    settle();
    options.stderr.write(`${text}\n`);
  };
  const meters = new Map<string, Meter>();
  const progress = (event: ProgressEvent) => {
    if (options.quiet) return;
    const meter = meters.get(event.phase) ?? new Meter(event.done);
    meters.set(event.phase, meter);
    if (!meter.due(terminal ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS, event.done >= event.total)) return;
    const text = renderProgress(event, meter);
    if (!terminal) {
      options.stderr.write(`${text}\n`);
      return;
    }
    options.stderr.write(`\r\u001b[2K${text.slice(0, (options.stderr.columns ?? 100) - 1)}`);
    open = true;
  };
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
    say,
    onEvent(event) {
      if (event.type === "progress") progress(event);
      else say(event.type === "warning" ? `warning: ${event.message}` : event.message);
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
