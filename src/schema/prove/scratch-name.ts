import { randomBytes } from "node:crypto";

export const SCRATCH_PREFIX = "changeover_prove_";

/** Says when it was made, so that one whose maker was killed is known. */
export function scratchName(): string {
  return `${SCRATCH_PREFIX}${Math.floor(Date.now() / 1_000).toString(36)}_${randomBytes(4).toString("hex")}`;
}

/** Seconds since a database of that name was made. */
export function scratchAge(name: string): number {
  return Date.now() / 1_000 - Number.parseInt(name.slice(SCRATCH_PREFIX.length).split("_")[0] ?? "", 36);
}
