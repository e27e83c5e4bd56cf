import { inject } from "vitest";
import { readFacts } from "../../src/embedded/facts.ts";
import { placesOf } from "../../src/embedded/places.ts";
import { emptyDatabase } from "./target.ts";

export function embeddedDirectory(): string {
  return inject("embeddedDirectory");
}

/** URL of the tests' server as its superuser, for what an owner may not do. */
export async function superuser(): Promise<string> {
  const url = new URL(await emptyDatabase());
  const facts = readFacts(placesOf(embeddedDirectory()));
  url.username = "postgres";
  url.password = facts?.superuserPassword ?? "";
  url.pathname = "/postgres";
  return url.href;
}
