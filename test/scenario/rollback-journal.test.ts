import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { bank, syncing } from "../support/bank.ts";
import { runCli } from "../support/cli.ts";
import { emptyDatabase, query } from "../support/target.ts";

const WRITER = fileURLToPath(new URL("../support/full-speed-writer.mjs", import.meta.url));

function startWriter(path: string, seed: number): Promise<{ done: number; movedTo: string | null }> {
  const child = spawn(process.execPath, [WRITER, path, "200", String(seed)], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  return new Promise((resolve) => child.once("close", () => resolve(JSON.parse(said.trim() || '{"done":0}'))));
}

it("two writers at full speed and a rollback journal: it comes in sync and is cut over, " +
  "alongside a running sync, nothing lost", {
  timeout: 120_000,
}, async () => {
  const url = await emptyDatabase();
  const its = await bank(url, "delete");
  const writers = [startWriter(its.path, 1), startWriter(its.path, 2)];
  const began = performance.now();
  const sync = await syncing(its);
  // Minutes, or never, when readers wait as SQLite does.
  expect(performance.now() - began).toBeLessThan(30_000);
  const cutover = await runCli(["cutover", ...its.ends, "--json", "--max-downtime", "2s"], { cwd: its.cwd });
  expect(JSON.parse(cutover.stdout), cutover.stderr).toMatchObject({ ok: true, phase: "cut-over" });
  const ended = await Promise.all(writers);
  expect(ended.map(({ movedTo }) => movedTo)).toEqual(["PostgreSQL", "PostgreSQL"]);
  expect(await query(url, "select sum(balance)::int as total from accounts")).toEqual([{ total: 20_000 }]);
  sync.child.kill("SIGKILL");
});

it("`validate` names the journal mode, and --source-journal wal switches it", { timeout: 60_000 }, async () => {
  const its = await bank(await emptyDatabase(), "delete");
  const codes = async () => {
    const { stdout } = await runCli(["validate", ...its.ends, "--json"], { cwd: its.cwd });
    return (JSON.parse(stdout) as { findings: { code: string; severity: string }[] }).findings.filter(
      ({ code }) => code === "SOURCE_JOURNAL",
    );
  };
  expect(await codes()).toMatchObject([{ severity: "info" }]);
  const mode = async () => {
    // The pragma alone reads nothing of the file, and tells what this connection found when it last did.
    await its.application.execute("SELECT 1 FROM accounts");
    return (await its.application.execute("PRAGMA journal_mode")).rows[0]?.[0];
  };
  await runCli(["sync", ...its.ends, "--until", "caught-up", "--json"], { cwd: its.cwd });
  expect(await mode()).toBe("delete");
  const switched = await runCli(["sync", ...its.ends, "--until", "caught-up", "--source-journal", "wal"], {
    cwd: its.cwd,
  });
  expect(switched.stderr).toContain("journal mode is wal from now on; it was delete");
  expect(await mode()).toBe("wal");
  expect(await codes()).toEqual([]);
});
