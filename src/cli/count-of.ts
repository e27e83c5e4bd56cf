import { UsageError } from "../errors.ts";

/** The optional number of migrations on the command line; null if none is given. */
export function countOf(given: string | undefined): number | null {
  if (given === undefined) return null;
  const count = Number(given);
  if (Number.isInteger(count) && count > 0) return count;
  throw new UsageError({ code: "USAGE", message: "the number of migrations is a whole number above 0", hint: "changeover down 2" });
}
