/** What an error code means, and what to do next. The message and the hint of an error say more of the case at hand. */
export interface ErrorMeaning {
  /** What happened, in a sentence. */
  readonly meaning: string;
  /** What to do next, in a sentence. */
  readonly next: string;
}

export type ErrorTable = Readonly<Record<string, ErrorMeaning>>;
