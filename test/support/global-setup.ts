import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openEmbedded } from "../../src/db/embedded.ts";

/** One embedded PostgreSQL for all tests; each takes databases of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), "changeover-test-"));
  const directory = join(home, "postgres");
  const embedded = await openEmbedded({ directory });
  project.provide("embeddedDirectory", directory);
  return async () => {
    await embedded.release();
    rmSync(home, { recursive: true, force: true });
  };
}

declare module "vitest" {
  export interface ProvidedContext {
    embeddedDirectory: string;
  }
}
