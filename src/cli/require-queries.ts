import type { RehearsedCheck } from "../commands/rehearse.ts";
import { RefusedError } from "../errors.ts";
import type { Migration } from "../migration.ts";
import { readStatementFile } from "../queries/read-statement-file.ts";
import { renderCount } from "../status/render-count.ts";

export interface RequiredQueries {
  /** Of --require-queries; null: nothing is required. */
  readonly file: string | null;
  /** Fingerprints of statements that may fail or differ. */
  readonly accept: readonly string[];
}

export function requiredQueries(
  options: Readonly<Record<string, unknown>>,
  { acceptedQueries }: { readonly acceptedQueries: readonly string[] },
): RequiredQueries {
  const file = options["requireQueries"];
  return { file: typeof file === "string" ? file : null, accept: acceptedQueries };
}

/** What the application's statements say of a cutover; null where none are required. */
export async function checkQueries(
  migration: Pick<Migration, "queries">,
  { accept, file }: RequiredQueries,
): Promise<RehearsedCheck | null> {
  if (file === null) return null;
  const { ok, statements, totals } = await migration.queries(readStatementFile(file), { accept });
  const detail =
    `${renderCount(statements.length, "distinct statement")}: ${totals.same} same, ${totals.rewritten} to be ` +
    `rewritten, ${totals.differs} differ, ${totals.fails} fail`;
  return { check: "statements of the application", ok, detail };
}

/** Before a cutover: throws where a statement fails or differs that the config does not accept. */
export async function refuseFailingQueries(
  migration: Pick<Migration, "queries">,
  required: RequiredQueries,
): Promise<void> {
  const check = await checkQueries(migration, required);
  if (check === null || check.ok) return;
  throw new RefusedError({
    code: "QUERIES_FAILED",
    message: `the application's statements do not all work in PostgreSQL (${check.detail})`,
    hint: "`changeover queries` says of each what to do; queries.accept in the config accepts one by its fingerprint",
    context: { file: required.file },
  });
}
