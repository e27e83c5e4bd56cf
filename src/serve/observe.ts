import { stat } from "node:fs/promises";
import type { HistoryItem } from "../api/results.ts";
import type { RunWatch } from "../api/watch-run.ts";
import { ChangeoverError, messageOf } from "../errors.ts";
import type { FleetReader } from "../fleet/fleet-reader.ts";
import type { FleetStatus } from "../fleet/fleet-status.ts";
import { type Sample, samplesOf } from "../status/samples.ts";
import type { Status } from "../status/status.ts";
import { RateMeter, type Rates } from "./rates.ts";

/** What a page, a metric or a health check is made of: a run as it was at one time. It holds no row values. */
export interface Observation {
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** The last status that could be read; null before the first. */
  readonly status: Status | null;
  /** The newest entries of the history first. */
  readonly history: readonly HistoryItem[];
  readonly rates: Rates;
  /** Size of the source's write-ahead log in bytes; null where it is not known. */
  readonly walBytes: number | null;
  /** Why the target could not be read just now; null if it was. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** The fleet of this target; null without one. */
  readonly fleet: FleetStatus | null;
  /** When the run last got on: rows copied or compared, changes replayed, or its phase. ISO 8601. */
  readonly progressAt: string;
}

/** What is asked of a run. */
export type Observed = Pick<RunWatch, "status" | "history" | "samples">;

export interface ObserverOptions {
  readonly everyMs: number;
  /** Reads the fleet of the target, where somebody may want to see it. */
  readonly fleet?: Pick<FleetReader, "read">;
  readonly signal: AbortSignal;
}

const NOTHING_YET = {
  status: null,
  history: [],
  walBytes: null,
  fleet: null,
} satisfies Partial<Observation>;

/** Samples that are kept: half an hour at one a second. */
const KEPT = 1_800;
const HISTORY = 30;

/** Reads a run again and again while somebody listens, or a metric is asked for. One reading serves all. */
export class Observer {
  readonly samples: Sample[] = [];
  readonly #observed: Observed;
  readonly #options: ObserverOptions;
  readonly #listeners = new Set<(observation: Observation) => void>();
  readonly #meter = new RateMeter();
  #timer: NodeJS.Timeout | null = null;
  #reading: Promise<Observation> | null = null;
  #last: Observation | null = null;
  #hasPast = false;

  constructor(observed: Observed, options: ObserverOptions) {
    this.#observed = observed;
    this.#options = options;
    options.signal.addEventListener("abort", () => this.stop(), { once: true });
  }

  /** Calls `listener` with each observation until the returned function is called. */
  listen(listener: (observation: Observation) => void): () => void {
    this.#listeners.add(listener);
    if (this.#last !== null) listener(this.#last);
    this.#next(0);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.stop();
    };
  }

  /** The last observation if it is younger than the interval, else a new one. */
  async now(): Promise<Observation> {
    const last = this.#last;
    if (last !== null && Date.now() - Date.parse(last.at) < this.#options.everyMs) return last;
    return this.#shared();
  }

  /** A new observation. */
  async refresh(): Promise<Observation> {
    // A reading under way may have begun before what is to be seen.
    await this.#reading;
    return this.#shared();
  }

  #shared(): Promise<Observation> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #next(delayMs: number): void {
    if (this.#timer !== null || this.#options.signal.aborted) return;
    this.#timer = setTimeout(() => {
      void this.now().then((observation) => {
        this.#timer = null;
        for (const listener of this.#listeners) listener(observation);
        if (this.#listeners.size > 0) this.#next(this.#options.everyMs);
      });
    }, delayMs);
  }

  async #read(): Promise<Observation> {
    let observation: Observation;
    try {
      const status = await this.#observed.status();
      const history = await this.#history();
      await this.#readPast();
      const fleet = (await this.#options.fleet?.read()) ?? null;
      const at = new Date().toISOString();
      const walBytes = await walSize(status);
      observation = { at, status, history, walBytes, fleet, error: null, ...this.#meter.measure(status, at) };
    } catch (error) {
      // The last status stays on the page, marked as old.
      observation = {
        ...(this.#last ?? { ...NOTHING_YET, progressAt: new Date().toISOString() }),
        rates: this.#meter.rates,
        at: new Date().toISOString(),
        error: { code: error instanceof ChangeoverError ? error.code : "UNEXPECTED", message: messageOf(error) },
      };
    }
    this.#last = observation;
    if (observation.error === null) this.#keep(observation);
    return observation;
  }

  /** Before the first run there is no history. */
  async #history(): Promise<readonly HistoryItem[]> {
    return this.#observed.history({ limit: HISTORY }).catch(() => []);
  }

  /** What the run measured before anybody looked. */
  async #readPast(): Promise<void> {
    if (this.#hasPast) return;
    this.samples.unshift(...samplesOf(await this.#observed.samples({ limit: KEPT }).catch(() => [])));
    this.#hasPast = true;
  }

  #keep({ at, rates, status, walBytes }: Observation): void {
    const load = status?.running === true ? status.load : null;
    this.samples.push({
      time: Date.parse(at),
      lag: status?.lag.changes ?? 0,
      replayed: rates.replayed,
      copied: rates.copied,
      compared: rates.compared,
      logBytes: load?.logBytes ?? null,
      walBytes,
      applicationWaitMs: load?.applicationWaitMs ?? null,
    });
    if (this.samples.length > KEPT) this.samples.shift();
  }
}

/** As the working process says, or of the file itself where this machine sees it. */
async function walSize({ load, running, source }: Status): Promise<number | null> {
  if (running && load !== null) return load.walBytes;
  if (source === null || /^[a-z]+:\/\//i.test(source)) return null;
  try {
    return (await stat(`${source}-wal`)).size;
  } catch {
    return null;
  }
}
