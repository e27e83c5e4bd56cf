import { RefusedError } from "../errors.ts";

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

  /** What is not done in time is told so by its signal, and not waited for. With `mayEnd` it is waited for all the same once that says no. */
  async within<T>(
    work: (signal: AbortSignal) => Promise<T>,
    { mayEnd = () => true }: { readonly mayEnd?: () => boolean } = {},
  ): Promise<T> {
    const stop = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const look = () => {
        if (!mayEnd()) return;
        // A timer may come a moment early: what is given up must find no time left when it looks.
        const left = this.#budgetMs - this.elapsed();
        if (left > 0) timer = setTimeout(look, Math.ceil(left));
        else {
          stop.abort();
          reject(outOfTime(this.#budgetMs));
        }
      };
      timer = setTimeout(look, this.remaining());
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
