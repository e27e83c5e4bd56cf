export interface WriterSummary {
  committed: number;
  /** Transactions that the fence turned away. */
  refused: number;
  first_refusal_message: string | null;
  /** The longest time from a first refusal to the next commit, or to the end. */
  longest_outage_ms: number;
  /** Attempts that found the database locked for longer than the busy timeout; each was made again. */
  busy: number;
  /** The longest time that one committed transaction took, waiting for locks included. */
  longest_wait_ms: number;
  /** Any other error. There should be none. */
  failed: number;
  first_failure_message: string | null;
  seconds: number;
}

/** Counts what becomes of the transactions. */
export class Tally {
  readonly summary: WriterSummary = {
    committed: 0,
    refused: 0,
    first_refusal_message: null,
    longest_outage_ms: 0,
    busy: 0,
    longest_wait_ms: 0,
    failed: 0,
    first_failure_message: null,
    seconds: 0,
  };
  readonly #say: (message: string) => void;
  readonly #started = performance.now();
  #fencedSince: number | null = null;

  constructor(say: (message: string) => void) {
    this.#say = say;
  }

  committed(began: number): void {
    const now = performance.now();
    this.summary.committed += 1;
    this.summary.longest_wait_ms = Math.max(this.summary.longest_wait_ms, now - began);
    if (this.#fencedSince === null) return;
    this.#say(`writes are accepted again, after ${Math.round(now - this.#fencedSince)} ms`);
    this.#endOutage(now);
  }

  busy(): void {
    this.summary.busy += 1;
  }

  fenced(message: string, began: number): void {
    this.summary.refused += 1;
    this.summary.first_refusal_message ??= message;
    if (this.#fencedSince === null) this.#say(`fenced: ${message}`);
    this.#fencedSince ??= began;
  }

  failed(message: string): void {
    this.summary.failed += 1;
    if (this.summary.first_failure_message === null) this.#say(`a write failed: ${message}`);
    this.summary.first_failure_message ??= message;
  }

  finish(): WriterSummary {
    const now = performance.now();
    this.#endOutage(now);
    this.summary.seconds = (now - this.#started) / 1000;
    return this.summary;
  }

  #endOutage(now: number): void {
    if (this.#fencedSince !== null)
      this.summary.longest_outage_ms = Math.max(this.summary.longest_outage_ms, now - this.#fencedSince);
    this.#fencedSince = null;
  }
}
