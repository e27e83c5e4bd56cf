import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Downtime } from "./downtime.ts";
import { mustMeasure } from "./measure.ts";
import { empty, type Place } from "./place.ts";

export interface SwitchOptions {
  readonly size: string;
  readonly rounds: number;
  readonly rate: number;
  /** No round begins after this time. */
  readonly minutes: number;
}

/**
 * Measures how long an application waits at a cutover and at a failback; `there-and-back.ts` measures it from outside.
 */
export async function switchDowntime(place: Place, { size, rounds, rate, minutes }: SwitchOptions): Promise<Downtime> {
  await empty(place);
  const json = join(place.directory, `switch-${size}.json`);
  const options = { size, rounds, rate, minutes, target: place.url, directory: place.directory, json };
  await mustMeasure(
    process.execPath,
    [
      "--import",
      "jiti/register",
      fileURLToPath(new URL("there-and-back.ts", import.meta.url)),
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ],
    { onLine: (line) => process.stderr.write(`${size}: ${line}\n`) },
  );
  return (JSON.parse(readFileSync(json, "utf8")) as { readonly downtime: Downtime }).downtime;
}
