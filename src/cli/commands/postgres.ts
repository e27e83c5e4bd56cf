import { resolve } from "node:path";
import { embeddedStatus, openEmbedded, stopEmbedded } from "../../embedded/embedded.ts";
import { installEmbedded } from "../../embedded/install-server.ts";
import { EMBEDDED_DIRECTORY } from "../embedded-home.ts";
import { oneOf } from "../one-of.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ positional, output, signal }) => {
  const directory = resolve(EMBEDDED_DIRECTORY);
  switch (oneOf(positional[0], ["status", "start", "stop", "install"], "postgres")) {
    case "status": {
      const status = await embeddedStatus(directory);
      output.result(
        `${status.state}${status.url === undefined ? "" : `: ${status.url}`}` +
          (status.keepRunning ? " (stays up until `changeover postgres stop`)" : ""),
        { ok: true, ...status },
      );
      return 0;
    }
    case "start": {
      const embedded = await openEmbedded({ directory });
      await embedded.keepRunning(true);
      output.result(`running until \`changeover postgres stop\`: ${embedded.url}`, {
        ok: true,
        state: "running",
        url: embedded.url,
      });
      await embedded.release();
      return 0;
    }
    case "stop": {
      const stopped = await stopEmbedded(directory);
      output.result(stopped ? "stopped; the data is kept" : "it was not running", { ok: true, stopped });
      return 0;
    }
    case "install": {
      const { directory: home, isNew, version } = await installEmbedded({ signal });
      output.result(`${isNew ? "installed" : "already there"}: embedded PostgreSQL ${version} in ${home}`, {
        ok: true,
        isNew,
        version,
        directory: home,
      });
      return 0;
    }
  }
};
