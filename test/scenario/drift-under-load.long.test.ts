import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { generate } from "../../examples/two-truths/generate.ts";
import { openTarget } from "../../src/target/target.ts";
import { runCli, startCli } from "../support/cli.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const WRITER = fileURLToPath(new URL("../../dist/examples/two-truths/writer.js", import.meta.url));
const MIGRATIONS = fileURLToPath(new URL("../../examples/two-truths/migrations", import.meta.url));
const USERS = 2_000;

it("a resync under load, killed in its midst again and again, never shows a state that the source did not have; " +
  "a plain sync ends it", {
  timeout: 400_000,
}, async () => {
  const cwd = temporaryDirectory();
  const source = join(cwd, "game.db");
  await generate({ users: USERS, out: source });
  const target = await emptyDatabase();
  const ends = ["--source", source, "--target", target, "--migrations-dir", MIGRATIONS];
  const cli = async (...args: string[]) => {
    const { code, stdout } = await runCli([...args, ...ends, "--json"], { cwd });
    return { code, document: JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, unknown> };
  };
  expect((await cli("up")).code).toBe(0);
  expect((await cli("sync", "--until", "caught-up")).code).toBe(0);
  const writer = spawn(process.execPath, [WRITER, "--db", source, "--rate", "300", "--quiet"], { stdio: "ignore" });
  onTestFinished(() => void writer.kill("SIGKILL"));
  const totals = await watchTotals(target);

  const says = [/profiling/, /copy .*users/, /users copied again/, /guesses copied again/];
  for (const timestamp of says) {
    const run = startCli(["sync", "--resync", "users", "--resync", "guesses", ...ends], { cwd });
    const saw = await Promise.race([run.saw(timestamp).then(() => true), run.ended.then(() => false)]).catch(
      () => false,
    );
    expect(saw, String(timestamp)).toBe(true);
    run.child.kill("SIGKILL");
    await run.ended;
  }
  expect(await query(target, "select source from changeover.table_state where not done order by source")).toEqual([
    { source: "guesses" },
    { source: "users" },
  ]);
  expect((await cli("cutover", "--yes")).document).toMatchObject({
    error: { code: "RESYNC_UNFINISHED", hint: expect.stringContaining("changeover sync") as string },
  });
  expect((await cli("sync", "--until", "caught-up")).document).toMatchObject({ ended: "caught-up", phase: "syncing" });
  expect(await query(target, "select source from changeover.table_state where not done")).toEqual([]);
  expect((await cli("check")).document).toMatchObject({ ok: true, differences: 0 });

  const exited = new Promise((resolve) => writer.once("close", resolve));
  writer.kill("SIGTERM");
  await exited;
  const seen = await totals.stop();
  expect(seen.length).toBeGreaterThan(50);
  expect([...new Set(seen)]).toEqual([String(USERS * 1_000)]);
  expect((await cli("sync", "--until", "caught-up")).code).toBe(0);
  expect((await cli("check")).document).toMatchObject({ ok: true, differences: 0 });
});

/** Reads the sum of all balances, which the application keeps constant, until stopped. */
async function watchTotals(url: string): Promise<{ stop(): Promise<string[]> }> {
  const target = openTarget({ url });
  const session = await target.session();
  const seen: string[] = [];
  let over = false;
  const reading = (async () => {
    while (!over) {
      const [row] = await session.rows<{ total: string }>("select sum(balance)::text as total from users");
      seen.push(row?.total ?? "");
      await delay(10);
    }
  })();
  return {
    async stop() {
      over = true;
      await reading;
      await target.close();
      return seen;
    },
  };
}
