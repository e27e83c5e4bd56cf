import { RefusedError } from "../errors.ts";

/**
 * How long after the budget an answer of the target is waited for, ms. A server that is only slow has cancelled its
 * statement by then.
 */
export const ANSWER_MS = 750;

/** The time for which the application's writes may be refused. */
export class Budget {
  readonly #budgetMs: number;
  readonly #pending = new Set<Promise<unknown>>();
  #began = Number.NaN;

  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs;
  }

  /** `at`: performance.now() from which on writes are refused. */
  begin(at: number): void {
    this.#began = at;
  }

  elapsed(): number {
    return performance.now() - this.#began;
  }

  /** What is left of it, ms; throws once nothing is. */
  remaining(): number {
    const left = this.#budgetMs - this.elapsed();
    if (left <= 0) throw outOfTime(this.#budgetMs);
    return left;
  }

  /**
   * Runs `work` for what is left of the budget. Work that is not done by then gets the signal, and is not waited for;
   * once `mayEnd` says no, it is waited for all the same.
   */
  async within<T>(
    work: (signal: AbortSignal) => Promise<T>,
    { mayEnd = () => true }: { readonly mayEnd?: () => boolean } = {},
  ): Promise<T> {
    const stop = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const end = () => {
        if (!mayEnd()) return;
        // A timer may fire early: work that is given up must find no time left.
        const left = this.#budgetMs - this.elapsed();
        if (left > 0) timer = setTimeout(end, Math.ceil(left));
        else {
          stop.abort();
          reject(outOfTime(this.#budgetMs));
        }
      };
      timer = setTimeout(end, this.remaining());
    });
    const done = work(stop.signal);
    const settled = done.catch(() => {}).finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
    try {
      return await Promise.race([done, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether all that was begun has ended, waited for no longer than `ms`. */
  async settled(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), ms);
    });
    try {
      return await Promise.race([Promise.all(this.#pending).then(() => true), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function outOfTime(budget: number): RefusedError {
  return new RefusedError({
    code: "CUTOVER_TIMEOUT",
    message: `the cutover took longer than the ${budget} ms that it may`,
    hint: "run it again when the application writes less, or give it more time with --max-downtime",
    context: { budget },
  });
}
