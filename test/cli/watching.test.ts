import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

/** A chat that keeps the events it is told. */
async function chat(): Promise<{ readonly url: string; readonly told: string[] }> {
  const told: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => void (body += chunk.toString("utf8")));
    request.on("end", () => {
      told.push((JSON.parse(body) as { event: string }).event);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, told };
}

it("a run is watched: --serve, --report and --notify of full, then serve and report", async () => {
  const { path } = await sqliteFile(
    "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t(v) VALUES ('secret')",
  );
  const target = await emptyDatabase();
  const cwd = temporaryDirectory();
  const ends = ["--source", path, "--target", target];
  const { told, url } = await chat();
  const full = startCli(
    ["full", "--yes", ...ends, "--serve", "127.0.0.1:0", "--report", "full.html", "--notify", url, "--json"],
    { cwd },
  );
  await full.saw(/"event":"serving"/);
  const { code, stderr, stdout } = await full.ended;
  expect(code, stderr).toBe(0);
  const [serving = "", result = ""] = stdout.trim().split("\n");
  expect(JSON.parse(serving)).toMatchObject({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/) });
  const { next_steps: next } = JSON.parse(result) as { next_steps: { command: string }[] };
  expect(next.map(({ command }) => command)).toContain("changeover complete");
  expect(stderr).toMatch(/^\| t {5}\| +1 \|.*\| +1 \| +0 \|$/m);
  expect(stderr).toMatch(/^what comes next:\n {2}changeover /m);
  expect(stderr).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ comparing both sides$/m);
  const report = readFileSync(join(cwd, "full.html"), "utf8");
  expect(report).toContain("cut-over");
  expect(report).not.toContain("secret");
  expect(told).toContain("opened");

  const served = startCli(["serve", "--listen", "127.0.0.1:0", "--target", target, "--json"], { cwd });
  let printed = "";
  served.child.stdout?.on("data", (chunk: Buffer) => void (printed += chunk.toString("utf8")));
  await served.saw(/"url":"http.*\n/);
  const { url: page } = JSON.parse(printed) as { url: string };
  expect(await (await fetch(`${page}healthz`)).json()).toEqual({ ok: true, problem: null });
  expect(await (await fetch(`${page}metrics`)).text()).toContain('changeover_phase{phase="cut-over"} 1\n');
  expect((await fetch(`${page}control`, { method: "POST", body: "{}" })).status).toBe(401);
  served.child.kill("SIGINT");
  expect((await served.ended).code).toBe(0);

  expect((await runCli(["report", "later.html", "--target", target], { cwd })).code).toBe(0);
  expect(readFileSync(join(cwd, "later.html"), "utf8")).toContain("cut-over");
  const control = await runCli(["control", "pause", "--target", target, "--json"], { cwd });
  expect([control.code, JSON.parse(control.stdout)]).toMatchObject([1, { error: { code: "CONTROL_UNANSWERED" } }]);
});
