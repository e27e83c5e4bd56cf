import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { InterruptedError } from "../errors.ts";
import { type Binaries, environmentFor } from "./binaries.ts";
import { embeddedError } from "./embedded-error.ts";
import { type Facts, saveFacts } from "./facts.ts";
import type { Places } from "./places.ts";
import { giveTo, type RunAs } from "./run-as.ts";

/** Creates the data directory, completely or not at all. */
export async function initialise(places: Places, binaries: Binaries, as: RunAs, signal?: AbortSignal): Promise<Facts> {
  const parent = dirname(places.data);
  const prefix = `${basename(places.data)}.unfinished-`;
  for (const leftover of readdirSync(parent).filter((name) => name.startsWith(prefix))) discard(join(parent, leftover));
  // A new name each time: the initdb of a killed process may still write to the previous one.
  const temporary = mkdtempSync(join(parent, prefix));
  try {
    const facts: Facts = { port: 0, superuserPassword: password(), ownerPassword: password() };
    const passwordFile = join(temporary, "password");
    writeFileSync(passwordFile, `${facts.superuserPassword}\n`, { mode: 0o600 });
    giveTo(as, temporary);
    const data = join(temporary, "data");
    await initdb(
      binaries,
      as,
      [
        "-D",
        data,
        "-U",
        "postgres",
        "-E",
        "UTF8",
        "--locale=C",
        "--auth=scram-sha-256",
        `--pwfile=${passwordFile}`,
        "--no-instructions",
      ],
      signal,
    );
    // Save the facts first: without data they do no harm, but data without facts is lost.
    saveFacts(places, facts);
    renameSync(data, places.data);
    return facts;
  } finally {
    discard(temporary);
  }
}

async function initdb(
  binaries: Binaries,
  as: RunAs,
  options: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { file, args, ...ids } = as.command(binaries.initdb, options);
  let output = "";
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(file, args, {
      ...ids,
      env: environmentFor(binaries),
      cwd: "/",
      stdio: ["ignore", "ignore", "pipe"],
    });
    const abort = () => child.kill();
    signal?.addEventListener("abort", abort);
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    child.once("error", reject);
    child.once("close", (exitCode) => {
      signal?.removeEventListener("abort", abort);
      resolve(exitCode);
    });
    if (signal?.aborted === true) abort();
  });
  if (signal?.aborted === true) throw new InterruptedError();
  if (code !== 0) throw embeddedError("the embedded PostgreSQL could not make its data directory", output.trim());
}

/** Removes a directory; if a process still writes there, a later call removes it. */
function discard(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // A later call removes it.
  }
}

function password(): string {
  return randomBytes(18).toString("base64url");
}
