import type { Status } from "../status/status.ts";

/** Rows or changes a second, over the last ten seconds. */
export interface Rates {
  readonly copied: number;
  readonly replayed: number;
  readonly compared: number;
  /** By the table in the source, while it is copied. */
  readonly tables: Readonly<Record<string, number>>;
}

export interface Measured {
  readonly rates: Rates;
  /** When the run last got on, ISO 8601. */
  readonly progressAt: string;
}

interface Counts {
  readonly time: number;
  readonly copied: number;
  readonly replayed: number;
  readonly compared: number;
  readonly tables: Readonly<Record<string, number>>;
  /** Equal as long as nothing has happened. */
  readonly state: string;
}

const WINDOW_MS = 10_000;

/** Turns counts that were read at times into rates. */
export class RateMeter {
  rates: Rates = { copied: 0, replayed: 0, compared: 0, tables: {} };
  readonly #window: Counts[] = [];
  #progressAt: string | null = null;

  measure(status: Status, at: string): Measured {
    const counts = countsOf(status, Date.parse(at));
    const last = this.#window.at(-1);
    if (last === undefined || last.state !== counts.state) this.#progressAt = at;
    this.#window.push(counts);
    while (this.#window.length > 2 && counts.time - (this.#window[0]?.time ?? 0) > WINDOW_MS) this.#window.shift();
    const first = this.#window[0] ?? counts;
    const seconds = (counts.time - first.time) / 1_000;
    // A count that fell began again: another pass, a table copied once more.
    const rate = (now: number, before: number) => (seconds <= 0 || now < before ? 0 : (now - before) / seconds);
    this.rates = {
      copied: rate(counts.copied, first.copied),
      replayed: rate(counts.replayed, first.replayed),
      compared: rate(counts.compared, first.compared),
      tables: Object.fromEntries(
        Object.entries(counts.tables).map(([table, copied]) => [table, rate(copied, first.tables[table] ?? copied)]),
      ),
    };
    return { rates: this.rates, progressAt: this.#progressAt ?? at };
  }
}

function countsOf(status: Status, time: number): Counts {
  const copied = status.tables.reduce((sum, table) => sum + table.copied, 0);
  const compared = status.verification?.rows ?? 0;
  return {
    time,
    copied,
    replayed: status.watermark,
    compared,
    tables: Object.fromEntries(status.tables.map((table) => [table.table, table.copied])),
    state: [status.phase, copied, status.watermark, compared, status.failback?.rows ?? 0].join(),
  };
}
