import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { openTarget } from "../target/target.ts";

/** Where the embedded PostgreSQL and what else belongs to this directory is kept. */
export const HOME = ".changeover";
export const EMBEDDED_DIRECTORY = join(HOME, "postgres");
export const DEFAULT_DATABASE = "changeover";

/** Whether this directory has an embedded PostgreSQL, running or not. */
export function hasEmbedded(): boolean {
  return existsSync(join(EMBEDDED_DIRECTORY, "PG_VERSION"));
}

/** One embedded database and one migrations directory a source, so that two sources do not meet. */
export function nameOfSource(source: string): string {
  const path = /^[a-z]+:\/\//.test(source) ? source : resolve(source.replace(/^file:/, ""));
  const name = basename(path)
    .replace(/\.[^.]*$/, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .slice(0, 40);
  return `${name === "" ? "source" : name}_${createHash("sha256").update(path).digest("hex").slice(0, 6)}`;
}

/** A command without a source means the one that was brought here, not a database that nobody has filled. */
export async function onlyDatabase(url: string, say: (text: string) => void): Promise<string> {
  const names = await sourceDatabases(url);
  if (names.length > 1)
    throw new UsageError({
      code: "TARGET_AMBIGUOUS",
      message:
        `the embedded PostgreSQL of this directory has the databases of ${names.length} sources: ` +
        `${names.join(", ")}`,
      hint: "give the --source of one of them",
    });
  const [only] = names;
  if (only !== undefined) say(`no --source is given: the target is ${only}, the only one here`);
  return only ?? DEFAULT_DATABASE;
}

async function sourceDatabases(url: string): Promise<string[]> {
  const target = openTarget({ url });
  try {
    const session = await target.session();
    const rows = await session.rows<{ name: string }>(
      "select d.datname::text as name from pg_database d where d.datname ~ '^[a-z0-9_]+_[0-9a-f]{6}$' " +
        "order by d.datname",
    );
    await session.close();
    return rows.map(({ name }) => name);
  } finally {
    await target.close();
  }
}
