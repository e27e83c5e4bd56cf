import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { serve } from "../../src/serve/serve.ts";
import { startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { startSteadyWriter, WRITTEN } from "../support/steady-writer.ts";
import { emptyDatabase } from "../support/target.ts";

const hasPrometheus = existsSync("/usr/bin/prometheus") && existsSync("/usr/bin/promtool");
/** `npm run watch:prometheus` sets two minutes. */
const SCRAPE_MS = Number(process.env["SCRAPE_SECONDS"] ?? 12) * 1_000;
const DASHBOARD = new URL("../../docs/grafana-dashboard.json", import.meta.url);

describe.skipIf(!hasPrometheus)("Prometheus (needs Debian's package; `npm run watch:prometheus` installs it)", () => {
  it("scrapes a run under load, and answers each query of the dashboard", { timeout: 240_000 }, async () => {
    const { path } = await sqliteFile(WRITTEN);
    const target = await emptyDatabase();
    const writer = startSteadyWriter(path, 5);
    await writer.began;
    const full = startCli(["full", "--no-cutover", "--yes", "--source", path, "--target", target], {
      cwd: temporaryDirectory(),
    });
    await full.saw(/In sync until stopped/);
    const migration = openMigration({ source: path, target });
    onTestFinished(() => migration.close());
    await using serving = await serve(migration, { listen: { host: "127.0.0.1", port: 0 } });

    const metrics = await (await fetch(`${serving.url}metrics`)).text();
    expect(execFileSync("promtool", ["check", "metrics"], { input: metrics, encoding: "utf8" })).toBe("");

    const query = await startPrometheus(new URL(serving.url).host);
    await new Promise((resolve) => setTimeout(resolve, SCRAPE_MS));
    expect(await query("changeover_up")).toBe(1);
    expect(await query('changeover_phase{phase="syncing"}')).toBe(1);
    expect(await query('avg_over_time(up{job="changeover"}[10s])')).toBe(1);
    expect(await query("delta(changeover_watermark[10s])")).toBeGreaterThan(100);
    for (const expression of dashboardExpressions()) expect(await query(expression), expression).not.toBe("error");

    full.child.kill("SIGINT");
    await full.ended;
    await writer.stop();
  });
});

it("every metric that the dashboard asks for is documented", () => {
  const reference = readFileSync(new URL("../../docs/reference/metrics.md", import.meta.url), "utf8");
  const asked = new Set(dashboardExpressions().flatMap((text) => text.match(/changeover_\w+/g) ?? []));
  expect(asked.size).toBeGreaterThan(10);
  expect([...asked].filter((name) => !reference.includes(`\`${name}\``))).toEqual([]);
});

function dashboardExpressions(): string[] {
  const { panels } = JSON.parse(readFileSync(DASHBOARD, "utf8")) as {
    panels: { targets: { expr: string }[] }[];
  };
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
}

/** Asks for the value of an expression: null without one, `error` where it is none. */
async function startPrometheus(scraped: string) {
  const directory = temporaryDirectory();
  const config = join(directory, "prometheus.yml");
  writeFileSync(
    config,
    "scrape_configs:\n  - job_name: changeover\n    scrape_interval: 1s\n" +
      `    static_configs: [{ targets: ["${scraped}"] }]\n`,
  );
  const port = await freePort();
  const child = spawn(
    "prometheus",
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise((resolve) => child.once("close", resolve));
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  const api = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      () =>
        fetch(`${api}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);
  return async (expression: string): Promise<number | null | "error"> => {
    const answer = await fetch(`${api}/api/v1/query?query=${encodeURIComponent(expression)}`);
    if (!answer.ok) return "error";
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    const value = data.result[0]?.value[1];
    return value === undefined ? null : Number(value);
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
