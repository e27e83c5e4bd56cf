import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const WRITER = fileURLToPath(new URL("steady-writer.mjs", import.meta.url));

export const WRITTEN = "CREATE TABLE written(n INTEGER PRIMARY KEY)";

export interface Written {
  /** The rows 1 to this were acknowledged. */
  readonly acknowledged: number;
  /** The longest between two acknowledged rows, ms. */
  readonly blocked: number;
}

export interface SteadyWriter {
  /** Its first row was acknowledged. */
  readonly began: Promise<void>;
  stop(): Promise<Written>;
}

/**
 * A process that writes numbered rows to the table `written` of a SQLite file, tries again while it is refused, and
 * stops when told. Concurrent tests give the `onTestFinished` of their context.
 */
export function startSteadyWriter(path: string, pauseMs = 10, atEnd = onTestFinished): SteadyWriter {
  // A test that fails does not stop it, and each that is left over slows all that come after.
  const child = spawn(process.execPath, [WRITER, path, String(pauseMs)], { stdio: ["pipe", "pipe", "inherit"] });
  atEnd(() => {
    child.kill("SIGKILL");
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const began = new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
  return {
    began,
    async stop() {
      child.stdin.write("stop\n");
      await ended;
      const last: unknown = JSON.parse(said.trim().split("\n").at(-1) ?? "{}");
      if (typeof last !== "object" || last === null || !("acknowledged" in last))
        throw new Error(`the writer failed: ${said}`);
      return last as Written;
    },
  };
}
