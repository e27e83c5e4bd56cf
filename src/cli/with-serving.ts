import { UsageError } from "../errors.ts";
import { type ListenAddress, parseListenAddress } from "../serve/access.ts";
import type { Serving } from "../serve/serve.ts";
import type { CommandContext, RunVerb } from "./run-command.ts";

const DEFAULT_ADDRESS = "127.0.0.1:8080";

/** Where to listen, from `--listen` or `--serve`. */
export function listenAddressOf(given: unknown): ListenAddress {
  const text = typeof given === "string" ? given : DEFAULT_ADDRESS;
  const listen = parseListenAddress(text);
  if (listen !== null) return listen;
  throw new UsageError({
    code: "LISTEN_ADDRESS",
    message: `${text} is no address to listen on`,
    hint: "give host and port: 127.0.0.1:8080",
  });
}

/** Null where nobody asked for the page. */
export function servedAt(given: unknown): ListenAddress | null {
  return given === undefined || given === false ? null : listenAddressOf(given);
}

/** Where the page is, for a person. */
export function pageSentence({ isAskedToLook, token, url }: Pick<Serving, "isAskedToLook" | "token" | "url">): string {
  const steer = `${url}?token=${token}`;
  return isAskedToLook ? `the page is ${steer}` : `the page is ${url}; with its buttons it is ${steer}`;
}

/** Runs a command while a page shows it. It is gone with the command: `changeover serve` shows a run at any time. */
export async function withServing(
  { listen, mustServe }: { readonly listen: ListenAddress; readonly mustServe: boolean },
  run: RunVerb,
  context: CommandContext,
): Promise<number> {
  const { serve } = await import("../serve/serve.ts");
  const { connections, output } = context;
  const needs = connections.config.source === null ? "target-only" : "source";
  const migration = await connections.migration(needs);
  // What the config asks of every command may be taken by another one, which shows the same run.
  await using serving = await serve(migration, { listen }).catch((error: unknown) => {
    if (mustServe || !(error instanceof UsageError) || error.code !== "LISTEN_ADDRESS") throw error;
    output.say(`no page of this command: ${error.message}`);
    return null;
  });
  if (serving === null) return await run(context);
  output.line({ event: "serving", url: serving.url, token: serving.token });
  output.say(pageSentence(serving));
  return await run(context);
}
