import { renderCount, renderCountOf } from "../../status/render-count.ts";
import { leftOutNote } from "../left-out-note.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ output, connections }) => {
  const migration = await connections.migration("target-only");
  await connections.confirm("ends the run: there is no failback then");
  const { brokenForeignKeys, phase, quarantined, removed, returned } = await migration.complete();
  const status = await migration.status();
  const leftOut = await leftOutNote(migration);
  const lines = [
    phase === "cut-over"
      ? "Complete: PostgreSQL is the application's database, and nothing of changeover is on its tables."
      : "Complete: the application is on the source, and nothing of changeover is in it. " +
        "PostgreSQL keeps what it had at the return, fenced.",
    ...(status.verified === null
      ? []
      : [
          `${renderCountOf(status.verified.rows, "row", "were")} compared before the cutover, ` +
            `${renderCount(status.verified.differences, "difference")}; writes were refused for ` +
            `${status.downtimeMs ?? 0} ms.`,
        ]),
    ...(returned === 0 ? [] : [`${renderCount(returned, "row")} went back to the source while there was a failback.`]),
    ...(quarantined === 0
      ? []
      : [
          `${renderCountOf(quarantined, "row", "are")} still in changeover.quarantine: ` +
            "changeover quarantine lists them.",
        ]),
    ...(brokenForeignKeys.length === 0
      ? []
      : [`Not validated, since rows break them: ${brokenForeignKeys.join(", ")}.`]),
    ...(leftOut.text === "" ? [] : [leftOut.text.trim()]),
    ...(removed.length === 0
      ? []
      : [`${renderCount(removed.length, "object")} of changeover removed from the source.`]),
    ...(phase === "cut-over"
      ? [
          "The source is intact, as the application left it plus what came back, " +
            "and still refuses writes: `changeover clean` removes that, too. " +
            "The schema changeover in PostgreSQL keeps the history of the run; drop it whenever you like.",
        ]
      : []),
  ];
  output.result(lines.join("\n"), {
    ok: true,
    phase,
    returned,
    removed,
    quarantined,
    brokenForeignKeys,
    ...leftOut.document,
  });
  return 0;
};
