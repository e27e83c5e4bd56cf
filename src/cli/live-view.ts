import type { ProgressEvent } from "../events.ts";
import { type LiveState, type LiveWork, renderLive } from "./live-lines.ts";

/** What draws lines in the place of the last ones: log-update's. */
export interface Redraw {
  (text: string): void;
  clear(): void;
  done(): void;
}

export type TerminalStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface LiveViewOptions {
  readonly stream: TerminalStream;
  readonly redraw: Redraw;
  readonly hasColor: boolean;
  /** ms. Default: the clock. */
  readonly now?: () => number;
}

const DRAW_EVERY_MS = 100;
/** A table without progress for so long is no longer under way, ms. */
const QUIET_MS = 2_000;
const DEFAULT_COLUMNS = 80;

interface Measured {
  work: LiveWork;
  readonly from: number;
  readonly since: number;
  at: number;
}

/** Several lines at the bottom of a terminal: the work as a whole, its tables, and what a sync has brought over. */
export class LiveView {
  readonly #options: LiveViewOptions;
  readonly #now: () => number;
  readonly #parts = new Map<string, Measured>();
  #whole: Measured | null = null;
  #phase: string | null = null;
  #followed: { rows: number; at: number } | null = null;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isOpen = false;
  #timer: NodeJS.Timeout | null = null;
  readonly #onResize = () => this.#draw();

  constructor(options: LiveViewOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    options.stream.on("resize", this.#onResize);
  }

  progress(event: ProgressEvent): void {
    if (event.phase !== this.#phase) {
      this.#phase = event.phase;
      this.#whole = null;
      this.#parts.clear();
    }
    this.#whole = this.#measure(this.#whole, event.phase, event);
    if (event.detail !== null && event.part !== null) {
      const part = { ...event, ...event.part };
      this.#parts.set(event.detail, this.#measure(this.#parts.get(event.detail) ?? null, event.detail, part));
    }
    this.#drawSoon(event.done >= event.total);
  }

  /** A sync brought rows over. */
  follow(rows: number): void {
    this.#followed = { rows: (this.#followed?.rows ?? 0) + rows, at: this.#now() };
    this.#drawSoon(false);
  }

  /** Prints above the view. */
  print(text: string): void {
    if (this.#isOpen) this.#options.redraw.clear();
    this.#options.stream.write(`${text}\n`);
    if (this.#isOpen) this.#draw();
  }

  /** Takes the view away, for a result or a question. */
  settle(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#isOpen) return;
    this.#options.redraw.clear();
    this.#options.redraw.done();
    this.#isOpen = false;
  }

  close(): void {
    this.settle();
    this.#options.stream.off("resize", this.#onResize);
  }

  state(): LiveState {
    const now = this.#now();
    const parts = [...this.#parts.values()].filter(({ at, work }) => work.done < work.total && now - at < QUIET_MS);
    return {
      whole: this.#whole?.work ?? null,
      parts: parts.map(({ work }) => work),
      followed: this.#followed === null ? null : { rows: this.#followed.rows, agoMs: now - this.#followed.at },
    };
  }

  #measure(
    before: Measured | null,
    name: string,
    { done, total, unit }: Pick<LiveWork, "done" | "total" | "unit">,
  ): Measured {
    const now = this.#now();
    const { from, since } = before ?? { from: done, since: now };
    const seconds = (now - since) / 1_000;
    const rate = seconds < 0.05 ? 0 : Math.max(0, (done - from) / seconds);
    return { work: { name, done, total, unit, rate }, from, since, at: now };
  }

  #drawSoon(isLast: boolean): void {
    this.#isOpen = true;
    if (isLast || this.#now() - this.#drawnAt >= DRAW_EVERY_MS) {
      this.#draw();
      return;
    }
    this.#timer ??= setTimeout(() => this.#draw(), DRAW_EVERY_MS);
    this.#timer.unref();
  }

  #draw(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#isOpen) return;
    this.#drawnAt = this.#now();
    const { hasColor, redraw, stream } = this.#options;
    redraw(renderLive(this.state(), { columns: stream.columns ?? DEFAULT_COLUMNS, hasColor }).join("\n"));
  }
}
