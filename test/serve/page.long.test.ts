import { statSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { serve } from "../../src/serve/serve.ts";
import { runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { startSteadyWriter, WRITTEN } from "../support/steady-writer.ts";
import { emptyDatabase } from "../support/target.ts";
import { accessibilityViolations, hasChromium, launchChromium, overflowOf } from "./browser.ts";

/** A directory for pictures of the page, docs/images for example; none are made without it. */
const SCREENSHOTS = process.env["SCREENSHOTS"];
const ROWS = 60_000;
const SAMPLE = `${WRITTEN};
  CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT);
  CREATE TABLE "order line"(id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, note TEXT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS / 2})
    INSERT INTO customer SELECT i, 'name ' || i, 'secret-value-' || i || '@example.org' FROM n;
  INSERT INTO "order line" SELECT id, id, 'note ' || id FROM customer`;

describe.skipIf(!hasChromium)("the live page in a browser (needs /usr/bin/chromium)", () => {
  let browser: Awaited<ReturnType<typeof launchChromium>>;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  /** A page that notes what it asked for and what went wrong in it. */
  async function open(url: string, options: Parameters<typeof browser.newContext>[0]) {
    const context: BrowserContext = await browser.newContext(options);
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const requests: string[] = [];
    const errors: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(url);
    return { page, requests, errors };
  }

  it("shows a full migration under load, light and dark, on a telephone, and to a screen reader", {
    timeout: 180_000,
  }, async () => {
    const { path } = await sqliteFile(SAMPLE);
    const target = await emptyDatabase();
    const writer = startSteadyWriter(path, 5);
    await writer.began;
    const ends = ["--source", path, "--target", target];
    const full = startCli(["full", "--yes", "--no-cutover", "--max-rate", "15000", ...ends], {
      cwd: temporaryDirectory(),
    });
    const migration = openMigration({ target });
    onTestFinished(() => migration.close());
    let serving = await serve(migration, { listen: { host: "127.0.0.1", port: 0 }, everyMs: 200 });
    const port = Number(new URL(serving.url).port);
    onTestFinished(() => serving.close());
    await full.saw(/copying \d+ tables/);

    const dark = await open(serving.url, { colorScheme: "dark", viewport: { width: 1_100, height: 900 } });
    await dark.page.getByRole("heading", { name: "changeover: copying" }).waitFor();
    await dark.page.getByRole("row", { name: /customer .*[1-9] of 30,000/ }).waitFor();
    expect(await accessibilityViolations(dark.page)).toEqual([]);
    await picture(dark.page, "page-copying-dark.png");

    const phone = await open(serving.url, { colorScheme: "light", viewport: { width: 360, height: 740 } });
    await phone.page.getByRole("heading", { name: /changeover: (copying|syncing)/ }).waitFor();
    expect(await overflowOf(phone.page)).toBe(0);
    await phone.page.getByRole("heading", { name: "changeover: syncing" }).waitFor({ timeout: 60_000 });
    await phone.page.getByText("0 differences").first().waitFor({ timeout: 60_000 });
    expect(await overflowOf(phone.page)).toBe(0);
    expect(await accessibilityViolations(phone.page)).toEqual([]);
    await picture(phone.page, "page-syncing-telephone.png");

    await serving.close();
    await phone.page.getByRole("alert").getByText("The command that showed this page has ended").waitFor();
    serving = await serve(migration, { listen: { host: "127.0.0.1", port }, everyMs: 200 });
    await phone.page.getByRole("alert").waitFor({ state: "hidden", timeout: 20_000 });

    await full.saw(/In sync until stopped/);
    expect(await phone.page.getByRole("button", { name: "Cut over" }).isVisible()).toBe(false);
    const steering = await open(`${serving.url}?token=${serving.token}`, {
      colorScheme: "light",
      viewport: { width: 1_100, height: 900 },
    });
    expect((await runCli(["rehearse", ...ends], { cwd: temporaryDirectory() })).code).toBe(0);
    await steering.page.getByText(/^rehearsed .* ago$/).waitFor();
    const second = await open(`${serving.url}?token=${serving.token}`, { viewport: { width: 800, height: 900 } });
    for (const { page } of [steering, second]) await page.getByRole("button", { name: "Pause" }).click();
    await steering.page.getByText("stand still until they are resumed").waitFor();
    expect((await migration.status()).steering.paused).toBe(null);
    await steering.page.getByRole("button", { name: "Pause now" }).click();
    await steering.page.getByRole("status").getByText("Pause: paused.").waitFor();
    await second.page.getByRole("button", { name: "Pause now" }).click();
    await second.page
      .getByRole("status")
      .getByText(/Pause: pause was not asked: .*has done that already/)
      .waitFor();
    await second.page.getByText(/Paused by .*@/).waitFor();
    await steering.page.getByRole("button", { name: "Go on" }).click();
    await steering.page.getByRole("button", { name: "Go on now" }).click();
    await steering.page.getByRole("status").getByText("Go on: the run goes on.").waitFor();
    for (const title of ["Application’s longest wait", "Change log", "Source’s WAL", "Predicted downtime"])
      await steering.page.getByRole("term").getByText(title, { exact: true }).waitFor();
    for (const title of ["Lag", "Changes replayed", "Change log", "Source’s WAL", "Application’s longest wait"])
      await steering.page.getByRole("img", { name: new RegExp(`^${title}: now .*, at most .* in `) }).waitFor();
    await steering.page.getByRole("row", { name: /customer .* done \d/ }).waitFor();
    await steering.page.getByRole("button", { name: "Cut over" }).click();
    await steering.page.getByText("the source refuses writes for good").waitFor();
    expect(await accessibilityViolations(steering.page)).toEqual([]);
    await picture(steering.page, "page-steering.png");
    await steering.page.getByRole("button", { name: "Cut over now" }).click();
    await steering.page.getByRole("heading", { name: "changeover: cut-over" }).waitFor({ timeout: 60_000 });
    expect((await full.ended).code).toBe(0);
    await expect
      .poll(async () => (await migration.history()).find(({ command }) => command === "control cutover"))
      .toMatchObject({ state: "done", details: { askedBy: expect.stringContaining("the page at 127.0.0.1") } });
    await writer.stop();
    for (const { errors, page, requests } of [dark, phone, steering, second]) {
      expect(errors).toEqual([]);
      expect(requests.filter((request) => !request.startsWith(serving.url) && !request.startsWith("data:"))).toEqual(
        [],
      );
      expect(await page.content()).not.toContain("secret-value");
    }
  });
});

it("is smaller than 100 kB", () => {
  expect(statSync(new URL("../../web/page.html", import.meta.url)).size).toBeLessThan(100_000);
});

async function picture(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS !== undefined) await page.screenshot({ path: join(SCREENSHOTS, name) });
}
