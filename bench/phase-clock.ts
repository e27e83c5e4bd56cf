/** Seconds by phase of a migration. */
export interface Phases {
  readonly start: number;
  readonly look: number;
  readonly copy: number;
  readonly indexes: number;
  readonly verify: number;
  readonly rest: number;
}

/** The message of a command at the start of a phase. */
const BEGINNINGS: readonly (readonly [RegExp, keyof Phases])[] = [
  [/^profiling \d/, "look"],
  [/^copying \d/, "copy"],
  [/ copied$/, "indexes"],
  [/^comparing both sides/, "verify"],
  [/compared, no difference$/, "rest"],
];

/** Splits a command's time into phases by the times of its messages. */
export class PhaseClock {
  readonly #seconds: Record<keyof Phases, number> = { start: 0, look: 0, copy: 0, indexes: 0, verify: 0, rest: 0 };
  #phase: keyof Phases = "start";
  #since = performance.now();

  saw(line: string): void {
    // Away from a terminal each message has its time in front.
    const message = line.replace(/^\d{4}-\d\d-\d\dT\S+ /, "");
    const next = BEGINNINGS.find(([pattern]) => pattern.test(message))?.[1];
    if (next !== undefined) this.#turn(next);
  }

  get phase(): keyof Phases {
    return this.#phase;
  }

  phases(): Phases {
    this.#turn("rest");
    return { ...this.#seconds };
  }

  #turn(next: keyof Phases): void {
    const now = performance.now();
    this.#seconds[this.#phase] += (now - this.#since) / 1_000;
    [this.#phase, this.#since] = [next, now];
  }
}
