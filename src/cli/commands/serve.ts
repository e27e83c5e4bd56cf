import { once } from "node:events";
import { UsageError } from "../../errors.ts";
import { parseListenAddress } from "../../serve/access.ts";
import { serve } from "../../serve/serve.ts";
import type { RunVerb } from "../run-command.ts";

const DEFAULT_ADDRESS = "127.0.0.1:8080";

export const run: RunVerb = async ({ options, output, connections, signal }) => {
  const given = options["listen"];
  const text = typeof given === "string" ? given : DEFAULT_ADDRESS;
  const listen = parseListenAddress(text);
  if (listen === null)
    throw new UsageError({
      code: "LISTEN_ADDRESS",
      message: `--listen does not understand ${text}`,
      hint: "give host and port: --listen 127.0.0.1:8080",
    });
  const migration = await connections.migration("target-only");
  // What cannot be read at all is said now, and not on a page.
  await migration.status();
  await using serving = await serve(migration, { listen });
  const { isAskedToLook, token, url } = serving;
  output.line({ url, token });
  const steer = `${url}?token=${token}`;
  output.say(
    isAskedToLook
      ? `the page is ${steer} (Ctrl-C ends it; the run goes on)`
      : `the page is ${url}; with its buttons it is ${steer} (Ctrl-C ends it; the run goes on)`,
  );
  if (!signal.aborted) await once(signal, "abort");
  return 0;
};
