import { RefusedError } from "../../errors.ts";
import { describeChange } from "../../follow/describe-change.ts";
import type { HeldSourceTable } from "../../model/held-table.ts";

/** What needs all tables cannot go on while some wait for the target. */
export function schemaWaits(held: readonly HeldSourceTable[]): RefusedError {
  const files = [...new Set(held.flatMap((table) => table.files))];
  const changes = held.flatMap((table) => table.changes.map(describeChange));
  return new RefusedError({
    code: "SCHEMA_WAITING",
    message:
      `the source's schema changed (${changes.join("; ")}): ` +
      `${held.map(({ table }) => table).join(", ")} ${held.length === 1 ? "waits" : "wait"} until the target has ` +
      "the change, too",
    hint:
      files.length === 0
        ? "make the change in the target with the tool that owns its tables; a running `changeover sync` then goes on"
        : `read ${files.join(", ")} and apply ${files.length === 1 ? "it" : "them"} with \`changeover up\`; ` +
          "a running `changeover sync` then goes on by itself",
    context: { table: held[0]?.table, tables: held.map(({ table }) => table), files },
  });
}
