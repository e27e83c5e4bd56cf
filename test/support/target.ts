import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { type EmbeddedPostgres, openEmbedded } from "../../src/embedded/embedded.ts";
import { openTarget, type Target, type TargetSession } from "../../src/target/target.ts";

let embedded: Promise<EmbeddedPostgres> | undefined;

/** URL of an empty database, as a role that owns it and is no superuser. */
export async function emptyDatabase(): Promise<string> {
  embedded ??= openEmbedded({ directory: inject("embeddedDirectory") });
  return (await embedded).database(`test_${randomBytes(6).toString("hex")}`);
}

/** At the end of each file: the next one in this process takes its own. */
export async function releaseServer(): Promise<void> {
  const taken = embedded;
  embedded = undefined;
  await (await taken)?.release();
}

/** A session on a database of its own, with the given statements run in it. */
export async function emptyTarget(
  statements = "",
): Promise<{ readonly url: string; readonly target: Target; readonly session: TargetSession }> {
  const url = await emptyDatabase();
  const target = openTarget({ url });
  const session = await target.session();
  if (statements !== "") await session.run(statements);
  return { url, target, session };
}

/** Rows of one query on a database, over a connection of its own. */
export async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const target = openTarget({ url });
  try {
    return await (await target.session()).rows<Row>(text);
  } finally {
    await target.close();
  }
}
