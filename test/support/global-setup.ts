import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { openEmbedded } from "../../src/embedded/embedded.ts";
import { readFacts } from "../../src/embedded/facts.ts";
import { placesOf } from "../../src/embedded/places.ts";

/** One embedded PostgreSQL for all tests; each takes databases of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), "changeover-test-"));
  const directory = join(home, "postgres");
  const embedded = await openEmbedded({ directory });
  await unsafeButFast(directory);
  project.provide("embeddedDirectory", directory);
  return async () => {
    await embedded.release();
    rmSync(home, { recursive: true, force: true });
  };
}

/** What the disk would lose in a power cut, no test asks about: a killed server keeps what the kernel has. */
async function unsafeButFast(directory: string): Promise<void> {
  const facts = readFacts(placesOf(directory));
  if (facts === null) throw new Error("the tests' server has left no facts");
  const sql = postgres(`postgres://postgres:${facts.superuserPassword}@127.0.0.1:${facts.port}/postgres`, { max: 1 });
  for (const setting of ["fsync", "full_page_writes"]) await sql.unsafe(`alter system set ${setting} = off`);
  await sql`select pg_reload_conf()`;
  await sql.end();
}

declare module "vitest" {
  export interface ProvidedContext {
    embeddedDirectory: string;
  }
}
