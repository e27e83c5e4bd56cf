import { resolve } from "node:path";
import type { MigrationSettings } from "../../config.ts";
import { UsageError } from "../../errors.ts";
import { migrationsTableNamed } from "../../schema/migrate/migrations-table.ts";
import { type ProveOptions, proveMigrations } from "../../schema/prove/prove-migrations.ts";
import { renderProof } from "../render-proof.ts";
import type { RunVerb } from "../run-command.ts";
import { wholeNumber } from "../whole-number.ts";

export const run: RunVerb = async ({ options, output, connections, signal }) => {
  const { before, large, lintOnly, otherRunner, since } = options;
  const { embedded, schema } = connections.config;
  const target = connections.given;
  if (lintOnly === true && embedded)
    throw new UsageError({
      code: "USAGE",
      message: "--lint-only runs nothing, so --embedded says nothing",
      hint: "give one of them",
    });
  if (target !== null && typeof since === "string")
    throw new UsageError({
      code: "USAGE",
      message: "the target knows which migrations it has: --since is for when none is given",
      hint: "leave out --since or the target",
    });
  const where: Pick<ProveOptions, "server"> =
    lintOnly === true ? {} : { server: target === null || embedded ? await connections.embedded() : target };
  const proof = await proveMigrations({
    migrationsDirectory: connections.migrationsDirectory(),
    files: placeOf(connections.config.migrations),
    ...where,
    ...(target === null ? {} : { target }),
    ...(schema === null ? {} : { schema }),
    ...(typeof since === "string" ? { since } : {}),
    ...(typeof options["changed"] === "string" ? { changed: options["changed"] } : {}),
    ...(typeof large === "string" ? { large: wholeNumber(large, "--large") } : {}),
    ...(typeof before === "string" ? { before: resolve(before) } : {}),
    ...(otherRunner === true ? { runner: "other" } : {}),
    onEvent: output.onEvent,
    signal,
  });
  const ok = proof.ok && !(options["strict"] === true && proof.warnings.length > 0);
  output.result(renderProof(proof), { ...proof, ok });
  return ok ? 0 : 1;
};

function placeOf({ migrationsSchema, migrationsTable, ...files }: MigrationSettings): ProveOptions["files"] & object {
  return { ...files, migrationsTable: migrationsTableNamed({ schema: migrationsSchema, name: migrationsTable }) };
}
