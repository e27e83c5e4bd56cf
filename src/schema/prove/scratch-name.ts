import { randomBytes } from "node:crypto";

export const SCRATCH_PREFIX = "changeover_prove_";

/** The name contains the creation time, so that databases left by a killed process are found. */
export function scratchName(): string {
  return `${SCRATCH_PREFIX}${Math.floor(Date.now() / 1_000).toString(36)}_${randomBytes(4).toString("hex")}`;
}

/** Seconds since the creation of a database with this name. */
export function scratchAge(name: string): number {
  return Date.now() / 1_000 - Number.parseInt(name.slice(SCRATCH_PREFIX.length).split("_")[0] ?? "", 36);
}
