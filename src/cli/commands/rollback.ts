import type { CompletedFailback } from "../../api/results.ts";
import { FailbackUndoneError } from "../../api/undone-error.ts";
import type { AcceptLosses } from "../../failback/present-run.ts";
import { renderCount, renderCountOf } from "../../status/render-count.ts";
import { renderLosses } from "../../status/render-losses.ts";
import type { Connections } from "../connections.ts";
import { undoneDocument } from "../error-document.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ options, output, connections }) => {
  const migration = await connections.migration();
  const { phase } = await migration.status();
  await connections.confirm(
    phase === "cut-over"
      ? "opens the source again, with every write made in PostgreSQL, and PostgreSQL refuses writes from then on"
      : "removes all rows of this run from the target, and its migrations; the source keeps everything",
  );
  const { maxDowntimeMs } = connections.config;
  const acceptLosses =
    options["acceptLoss"] === true ? () => true : connections.isTerminal ? askAboutLosses(connections) : undefined;
  const result = await migration
    .rollback({
      ...(maxDowntimeMs === null ? {} : { maxDowntimeMs }),
      ...(acceptLosses === undefined ? {} : { acceptLosses }),
    })
    .catch(failbackUndone);
  if (result instanceof FailbackUndoneError) {
    output.result(renderUndone(result), undoneFailbackDocument(result));
    return 1;
  }
  if (result.kind === "rollback") {
    const { removed, migrationsUndone } = result;
    output.result(
      `rolled back: ${renderCount(removed.length, "object")} of changeover removed from the source, ` +
        `${renderCount(migrationsUndone.length, "migration")} undone in the target. ` +
        "The application's own data was not touched.",
      { ok: true, phase: "new", removed, migrationsUndone },
    );
    return 0;
  }
  const { kind: _, ...document } = result;
  output.result(renderFailback(result), { ok: true, ...document });
  return 0;
};

function failbackUndone(error: unknown): FailbackUndoneError {
  if (error instanceof FailbackUndoneError) return error;
  throw error;
}

function askAboutLosses(connections: Connections): AcceptLosses {
  return (losses) => {
    const lines = renderLosses(losses.filter(({ announced }) => !announced));
    return connections.ask(`The source cannot hold all that PostgreSQL does:\n${lines.join("\n")}\nReturn without it?`);
  };
}

function renderFailback(result: CompletedFailback): string {
  return [
    "Returned: the source " +
      `${result.losses.length === 0 ? "has everything" : "has everything but what is listed below"} and is ` +
      `open. Writes were refused for ${result.downtimeMs} ms.`,
    `${renderCountOf(result.verified.rows, "row", "were")} compared on both sides while the application went ` +
      "on, and each row that came back again as it was written.",
    ...(result.losses.length === 0 ? [] : ["What did not come along:", ...renderLosses(result.losses)]),
    "PostgreSQL keeps its rows and refuses writes with a message that says so. " +
      "Point the application to the source now. `changeover sync` goes forward again from here; " +
      "`changeover rollback` undoes everything.",
  ].join("\n");
}

function renderUndone({ cause, hint }: FailbackUndoneError): string {
  return [
    `Not returned: ${cause.message}.`,
    "The target is open; the application goes on with PostgreSQL, and nothing is lost.",
    `Next: ${hint}.`,
  ].join("\n");
}

function undoneFailbackDocument(undone: FailbackUndoneError): object {
  const { downtimeMs, losses, phase, verified } = undone;
  return { ok: false, phase, downtimeMs, verified, rounded: 0, losses, ...undoneDocument(undone) };
}
