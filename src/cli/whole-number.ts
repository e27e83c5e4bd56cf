import { UsageError } from "../errors.ts";

/** A whole number above 0, as an option gives it. */
export function wholeNumber(given: unknown, option: string): number {
  const number = Number(given);
  if (Number.isInteger(number) && number > 0) return number;
  throw new UsageError({
    code: "USAGE",
    message: `${option} takes a whole number above 0`,
    hint: "see --help of the command",
  });
}

/** The same, or 0. */
export function countFrom(given: unknown, option: string): number {
  const number = given === "" ? Number.NaN : Number(given);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new UsageError({
    code: "USAGE",
    message: `${option} takes a whole number, 0 or more`,
    hint: "see --help of the command",
  });
}
