import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { TargetError } from "../errors.ts";
import type { Places } from "./places.ts";

/** What is needed to connect, saved next to the data directory and readable by its owner only. */
export interface Facts {
  /** The last port. It is requested again, so that an application's URL stays valid if possible. */
  readonly port: number;
  readonly superuserPassword: string;
  readonly ownerPassword: string;
}

/** Null if there is no server yet. A data directory without readable facts is an error: it must not be recreated. */
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

/** Writes the facts atomically, safe against a power cut. */
export function saveFacts(places: Places, facts: Facts): void {
  const temporary = `${places.facts}.new`;
  const file = openSync(temporary, "w", 0o600);
  try {
    writeFileSync(file, `${JSON.stringify(facts)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, places.facts);
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
    message: `${places.data} holds files, but ${places.facts} does not hold the matching passwords`,
    hint: `restore that file; or, if the data is not needed, move ${places.data} away and start with an empty server`,
    ...(cause === undefined ? {} : { cause }),
  });
}
