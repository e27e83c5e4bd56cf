import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { generate } from "../../examples/two-truths/generate.ts";
import { runCli, startCli } from "../support/cli.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const WRITER = fileURLToPath(new URL("../../dist/examples/two-truths/writer.js", import.meta.url));
const MIGRATIONS = fileURLToPath(new URL("../../examples/two-truths/migrations", import.meta.url));

/** What the command says when it is in a phase: the moment of the kill. */
const PHASES: readonly (readonly [phase: string, says: RegExp])[] = [
  ["profiling the source", /profiling/],
  ["just after capture was installed", /capture is installed/],
  ["copying", /copy /],
  ["building indexes", /building /],
  ["catching up", /catching up/],
  ["verifying", /verify /],
  ["cutting over", /the fence goes up/],
];

describe("kill -9 of the command", () => {
  it("in each phase costs nothing: the same command again finishes, and both sides are equal", {
    timeout: 180_000,
  }, async () => {
    const cwd = temporaryDirectory();
    const source = join(cwd, "game.db");
    await generate({ users: 400, out: source });
    const target = await emptyDatabase();
    const ends = ["--source", source, "--target", target, "--migrations-dir", MIGRATIONS];
    const writer = spawn(process.execPath, [WRITER, "--db", source, "--rate", "200", "--quiet"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let summary = "";
    writer.stdout.on("data", (chunk: Buffer) => {
      summary += chunk.toString("utf8");
    });
    try {
      for (const [, says] of PHASES) {
        const run = startCli(["full", ...ends, "--yes"], { cwd });
        // A phase that an earlier round has finished is not said again: then this round just ends.
        const saw = await Promise.race([run.saw(says).then(() => true), run.ended.then(() => false)]).catch(
          () => false,
        );
        if (saw) run.child.kill("SIGKILL");
        await run.ended;
      }
      const last = await runCli(["full", ...ends, "--yes", "--json"], { cwd });
      expect(last.stderr).not.toContain("error:");
      expect(JSON.parse(last.stdout)).toMatchObject({ ok: true, phase: "cut-over" });
    } finally {
      const ended = new Promise((resolve) => writer.once("close", resolve));
      writer.kill("SIGTERM");
      await ended;
    }
    const check = await runCli(["check", ...ends, "--json"], { cwd });
    expect(JSON.parse(check.stdout)).toMatchObject({ ok: true, differences: 0 });
    const { failed } = JSON.parse(summary.trim().split("\n").at(-1) ?? "{}") as { failed: number };
    expect(failed).toBe(0);
    expect(await query(target, "select count(*)::text as left from changeover.deferred where not restored")).toEqual([
      { left: "0" },
    ]);
  });
});
