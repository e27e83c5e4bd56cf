import type { RollbackResult } from "../../commands/roll-back.ts";
import { ChangeoverError } from "../../errors.ts";
import type { AcceptLosses } from "../../failback/present-run.ts";
import { renderCount, renderCountOf } from "../../status/render-count.ts";
import { lossDocuments, renderLosses } from "../../status/render-losses.ts";
import type { Connections } from "../connections.ts";
import type { RunVerb } from "../run.ts";

export const run: RunVerb = async ({ options, output, connections }) => {
  const migration = await connections.migration();
  const { phase } = await migration.status();
  await connections.confirm(
    phase === "cut-over"
      ? "opens the source again, with every write made in PostgreSQL, and PostgreSQL refuses writes from then on"
      : "removes all rows of this run from the target, and its migrations; the source keeps everything",
  );
  const { maxDowntime } = connections.config;
  const acceptLosses =
    options["acceptLoss"] === true ? () => true : connections.isTerminal ? askAboutLosses(connections) : undefined;
  const result = await migration.rollback({
    ...(maxDowntime === null ? {} : { maxDowntimeMs: maxDowntime }),
    ...(acceptLosses === undefined ? {} : { acceptLosses }),
  });
  if (result.kind === "undone") {
    const { removed, migrationsUndone } = result;
    output.result(
      `rolled back: ${renderCount(removed.length, "object")} of changeover removed from the source, ${renderCount(migrationsUndone.length, "migration")} undone in the target. The application's own data was not touched.`,
      { ok: true, phase: "new", removed, migrationsUndone },
    );
    return 0;
  }
  output.result(renderFailback(result), failbackDocument(result));
  return result.ok ? 0 : 1;
};

function askAboutLosses(connections: Connections): AcceptLosses {
  return (losses) => {
    const lines = renderLosses(losses.filter(({ announced }) => !announced));
    return connections.ask(`The source cannot hold all that PostgreSQL does:\n${lines.join("\n")}\nReturn without it?`);
  };
}

type Returned = Extract<RollbackResult, { kind: "returned" }>;

function renderFailback(result: Returned): string {
  if (!result.ok)
    return [
      `Not returned: ${result.reason?.message ?? "unknown"}.`,
      "The target is open; the application goes on with PostgreSQL, and nothing is lost.",
      ...(result.reason instanceof ChangeoverError ? [`Next: ${result.reason.hint}.`] : []),
    ].join("\n");
  return [
    `Returned: the source ${result.losses.length === 0 ? "has everything" : "has everything but what is listed below"} and is open. Writes were refused for ${result.downtimeMs} ms.`,
    `${renderCountOf(result.verified.rows, "row", "were")} compared on both sides while the application went on, and each row that came back again as it was written.`,
    ...(result.losses.length === 0 ? [] : ["What did not come along:", ...renderLosses(result.losses)]),
    "PostgreSQL keeps its rows and refuses writes with a message that says so. Point the application to the source now. `changeover sync` goes forward again from here; `changeover rollback` undoes everything.",
  ].join("\n");
}

function failbackDocument(result: Returned): Record<string, unknown> {
  return {
    ok: result.ok,
    phase: result.phase,
    downtime_ms: result.downtimeMs,
    verified: result.verified,
    rounded: result.rounded,
    losses: lossDocuments(result.losses),
    ...(result.reason === undefined
      ? {}
      : {
          reason: {
            code: result.reason instanceof ChangeoverError ? result.reason.code : "BUG",
            message: result.reason.message,
          },
        }),
  };
}
