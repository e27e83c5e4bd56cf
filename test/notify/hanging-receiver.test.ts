import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { notifyOf } from "../../src/notify/notify.ts";
import { Webhook } from "../../src/notify/webhook.ts";
import { migrationThatAnswers, statusOf } from "../serve/observed.ts";

/** A receiver that never answers, or answers with that status; and how many requests it has got. */
async function receiver(status: number | "hangs") {
  const got = { requests: 0, open: 0 };
  const server = createServer((_, response) => {
    got.requests++;
    got.open++;
    response.on("close", () => got.open--);
    if (status !== "hangs") response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const problems: string[] = [];
  const webhook = new Webhook({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    secret: "s",
    delaysMs: [20, 20],
    timeoutMs: status === "hangs" ? 60_000 : 2_000,
    onGivenUp: (message) => problems.push(message),
  });
  return { got, problems, webhook };
}

it("a run is looked at as often with receivers that hang or answer 500, and a third gets everything", async () => {
  const [hanging, failing, well] = [await receiver("hangs"), await receiver(500), await receiver(200)];
  let looks = 0;
  // Each look finds another comparison that has ended: each is an event.
  const status = () =>
    statusOf({
      verification: {
        pass: ++looks,
        rows: looks,
        differences: 0,
        startedAt: "2026-01-01",
        endedAt: new Date(Date.UTC(2026, 0, 1) + looks * 1_000).toISOString(),
      },
    });
  const webhooks = [hanging.webhook, failing.webhook, well.webhook];
  const end = notifyOf(migrationThatAnswers(status), { webhooks, limits: { lagChanges: 10 }, everyMs: 10 });
  await expect.poll(() => looks, { timeout: 10_000 }).toBeGreaterThan(60);
  await expect.poll(() => well.got.requests).toBeGreaterThan(55);
  // One request hangs, and all others wait in a queue that is bounded.
  expect(hanging.got).toEqual({ requests: 1, open: 1 });
  expect(failing.got.requests).toBeGreaterThan(3);
  expect(failing.problems[0]).toMatch(/did not take the notification: it answers 500$/);
  const began = performance.now();
  await end();
  expect(performance.now() - began).toBeLessThan(4_500);
  expect(well.got.requests).toBe(looks - 1);
});

it("a receiver that hangs for ever costs no more memory than two hundred notifications", async () => {
  const { got, webhook } = await receiver("hangs");
  const sent = { event: "verified", text: "t", at: "", source: null, target: null, phase: null, code: null } as const;
  for (let n = 0; n < 5_000; n++) webhook.send(sent);
  await expect.poll(() => got.requests).toBe(1);
  expect(webhook.waiting).toBe(200);
  await webhook.close(1);
});
