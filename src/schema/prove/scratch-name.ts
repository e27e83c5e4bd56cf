import { randomBytes } from "node:crypto";

/** What a scratch database is for. */
export type ScratchPurpose = "prove" | "rehearse";

/** Names of scratch databases, for LIKE. */
export const SCRATCH_NAMES = ["changeover\\_prove\\_%", "changeover\\_rehearse\\_%"];

/**
 * Contains the creation time, so that databases left by a killed process are found, and the process: two side by side,
 * or a proof and a rehearsal, never share a name.
 */
export function scratchName(purpose: ScratchPurpose): string {
  const parts = [Math.floor(Date.now() / 1_000).toString(36), process.pid.toString(36), randomBytes(4).toString("hex")];
  return `changeover_${purpose}_${parts.join("_")}`;
}

/** Seconds since the creation of a database with this name. */
export function scratchAge(name: string): number {
  return Date.now() / 1_000 - Number.parseInt(name.split("_")[2] ?? "", 36);
}
