import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { notifyOf } from "../../src/notify/notify.ts";
import type { Notification } from "../../src/notify/transitions.ts";
import { signatureOf, Webhook } from "../../src/notify/webhook.ts";
import { migrationThatAnswers, statusOf } from "../serve/observed.ts";

const NOTIFICATION: Notification = {
  event: "opened",
  text: "PostgreSQL takes writes; they were refused for 86 ms",
  at: "2026-01-01T00:00:00.000Z",
  source: "app.db",
  target: "postgres://localhost/app",
  phase: "cut-over",
  code: null,
};

interface Received {
  readonly body: string;
  readonly signature: string | undefined;
}

/** A receiver that does what `answer` says, and a webhook that posts to it. */
async function receiver(
  answer: (attempt: number, response: ServerResponse) => void,
  { secret = null, timeoutMs = 2_000 }: { readonly secret?: string | null; readonly timeoutMs?: number } = {},
) {
  const received: Received[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push({ body, signature: request.headers["x-changeover-signature"] as string | undefined });
      answer(received.length, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const problems: string[] = [];
  const webhook = new Webhook({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    secret,
    timeoutMs,
    delaysMs: [10, 10, 10],
    onGivenUp: (message) => problems.push(message),
  });
  return { problems, received, webhook };
}

const answering = (status: number) => (_: number, response: ServerResponse) => void response.writeHead(status).end();

it("posts a text that chats show, with the facts as fields, signed", async () => {
  const { received, webhook } = await receiver(answering(200), { secret: "s3cret" });
  webhook.send(NOTIFICATION);
  await webhook.close(2_000);
  const [post] = received;
  expect(JSON.parse(post?.body ?? "")).toEqual({
    ...NOTIFICATION,
    text: "changeover: PostgreSQL takes writes; they were refused for 86 ms (app.db)",
  });
  expect(post?.signature).toBe(signatureOf(post?.body ?? "", "s3cret"));
  // The same by openssl: printf '{}' | openssl dgst -sha256 -hmac key
  expect(signatureOf("{}", "key")).toBe("sha256=a777724d943eb48dc69bca8a4a6d57a04db3f9ec7e1de4e581e860265bdf3032");
});

it("tries again after an answer of 500, and in order", async () => {
  const { problems, received, webhook } = await receiver(
    (attempt, response) => void response.writeHead(attempt < 3 ? 500 : 200).end(),
  );
  webhook.send(NOTIFICATION);
  webhook.send({ ...NOTIFICATION, event: "completed" });
  await webhook.close(2_000);
  expect(received.map(({ body }) => (JSON.parse(body) as Notification).event)).toEqual([
    "opened",
    "opened",
    "opened",
    "completed",
  ]);
  expect(problems).toEqual([]);
});

it("gives up at once where the receiver will never take it, and says so without the address's secrets", async () => {
  const { problems, received, webhook } = await receiver(answering(404));
  webhook.send(NOTIFICATION);
  await webhook.close(2_000);
  expect(received).toHaveLength(1);
  expect(problems).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+ did not take the notification: it answers 404$/)]);
});

it("does not wait for a receiver that hangs", async () => {
  const { webhook } = await receiver(() => {}, { timeoutMs: 60_000 });
  webhook.send(NOTIFICATION);
  const began = performance.now();
  await webhook.close(200);
  expect(performance.now() - began).toBeLessThan(1_500);
});

it("follows no redirect: the body would go where nobody said", async () => {
  const { problems, received, webhook } = await receiver(
    (_, response) => void response.writeHead(302, { location: "/elsewhere" }).end(),
  );
  webhook.send(NOTIFICATION);
  await webhook.close(2_000);
  expect(received.length).toBe(4);
  expect(problems).toHaveLength(1);
});

it("tells of what happens to a run, up to its last moment", async () => {
  const { received, webhook } = await receiver(answering(200));
  let looks = 0;
  let status = statusOf({ phase: "copying" });
  const end = notifyOf(
    migrationThatAnswers(() => {
      looks++;
      return status;
    }),
    { webhooks: [webhook], limits: { lagChanges: 10 }, everyMs: 10 },
  );
  await expect.poll(() => looks, { interval: 5 }).toBeGreaterThan(1);
  expect(received).toEqual([]);
  status = statusOf({ phase: "syncing" });
  await expect.poll(() => received.length).toBe(1);
  status = statusOf({ phase: "cut-over", downtimeMs: 9 });
  await end();
  expect(received.map(({ body }) => (JSON.parse(body) as Notification).event)).toEqual(["caught-up", "opened"]);
});
