import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { TargetError } from "../errors.ts";
import type { Places } from "./places.ts";

/** What must be remembered to connect. Kept beside the data, readable by its owner only. */
export interface Facts {
  /** Where it listened last; it is asked for again, so that an application's URL stays right if it can. */
  readonly port: number;
  readonly superuserPassword: string;
  readonly ownerPassword: string;
}

/** Null where there is no server yet. Data that cannot be opened is never taken for that: it would be made anew. */
export function readFacts(places: Places): Facts | null {
  if (!hasData(places)) return null;
  try {
    const facts: unknown = JSON.parse(readFileSync(places.facts, "utf8"));
    if (isFacts(facts)) return facts;
  } catch (cause) {
    throw damaged(places, cause);
  }
  throw damaged(places);
}

/** Whole or not at all, also when the power fails. */
export function saveFacts(places: Places, facts: Facts): void {
  const fresh = `${places.facts}.new`;
  const file = openSync(fresh, "w", 0o600);
  try {
    writeFileSync(file, `${JSON.stringify(facts)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, places.facts);
}

function hasData(places: Places): boolean {
  try {
    return readdirSync(places.data).length > 0;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

function isFacts(value: unknown): value is Facts {
  if (typeof value !== "object" || value === null) return false;
  return (
    "port" in value &&
    typeof value.port === "number" &&
    "superuserPassword" in value &&
    typeof value.superuserPassword === "string" &&
    "ownerPassword" in value &&
    typeof value.ownerPassword === "string"
  );
}

export function damaged(places: Places, cause?: unknown): TargetError {
  return new TargetError({
    code: "EMBEDDED_DAMAGED",
    message: `${places.data} holds files, but ${places.facts} does not hold the passwords to go with them`,
    hint: `put that file back; or, if the data is not needed, move ${places.data} away and begin with an empty server`,
    ...(cause === undefined ? {} : { cause }),
  });
}
