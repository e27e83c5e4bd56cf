import { UsageError } from "../errors.ts";
import type { CommandContext, RunVerb } from "./run-command.ts";

export interface GivenWebhook {
  readonly url: string;
  readonly secret: string | null;
}

const LAG_CHANGES = 100_000;

/** The addresses of `--notify`, checked before the command begins. */
export function webhooksOf(
  given: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): readonly GivenWebhook[] {
  const secret = environment["CHANGEOVER_NOTIFY_SECRET"] ?? null;
  const urls = Array.isArray(given) ? given.filter((url) => typeof url === "string") : [];
  for (const url of urls)
    if (!URL.canParse(url) || !["http:", "https:"].includes(new URL(url).protocol))
      throw new UsageError({
        code: "USAGE",
        message: "--notify takes the address of a webhook, which begins with https://",
        hint: "give the whole address, as the chat shows it",
      });
  return urls.map((url) => ({ url, secret }));
}

/** Runs a command while webhooks are told what happens. They change nothing of how it ends. */
export async function withNotifications(
  webhooks: readonly GivenWebhook[],
  run: RunVerb,
  context: CommandContext,
): Promise<number> {
  const { Webhook } = await import("../notify/webhook.ts");
  const { notifyOf } = await import("../notify/notify.ts");
  const { connections, output } = context;
  const onGivenUp = (message: string) => output.say(`warning: ${message}`);
  const needs = connections.config.source === null ? "target-only" : "source";
  await using watch = (await connections.migration(needs)).watch();
  const end = notifyOf(watch, {
    webhooks: webhooks.map((webhook) => new Webhook({ ...webhook, onGivenUp })),
    limits: { lagChanges: LAG_CHANGES },
  });
  try {
    return await run(context);
  } finally {
    await end();
  }
}
