/** How long to fuzz, and from which seed: FUZZ_MINUTES, FUZZ_SEED; a short while from a fixed seed if nothing is said. */
export function fuzzSeeds(seconds: number): { readonly first: number; readonly milliseconds: number; readonly only: boolean } {
  const minutes = process.env["FUZZ_MINUTES"];
  const seed = process.env["FUZZ_SEED"];
  const milliseconds = minutes === undefined ? seconds * 1_000 : Number(minutes) * 60_000;
  // A seed alone is there to see one failure again.
  if (seed !== undefined) return { first: Number(seed), milliseconds, only: minutes === undefined };
  return { first: minutes === undefined ? 1 : Date.now() % 1_000_000_000, milliseconds, only: false };
}
