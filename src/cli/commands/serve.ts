import { once } from "node:events";
import { fleetReader } from "../../fleet/fleet-reader.ts";
import { serve } from "../../serve/serve.ts";
import type { RunVerb } from "../run-command.ts";
import { listenAddressOf, pageSentence } from "../with-serving.ts";

export const run: RunVerb = async ({ options, output, connections, signal }) => {
  const listen = listenAddressOf(options["listen"]);
  const migration = await connections.migration("target-only");
  // What cannot be read at all is said now, and not on a page.
  await migration.status();
  const fleet = fleetReader(await connections.target());
  await using serving = await serve(migration, { listen, fleet });
  output.line({ url: serving.url, token: serving.token });
  output.say(`${pageSentence(serving)} (Ctrl-C ends it; the run goes on)`);
  if (!signal.aborted) await once(signal, "abort");
  await fleet.close();
  return 0;
};
