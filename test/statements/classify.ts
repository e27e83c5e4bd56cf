import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { QueriesResult } from "../../src/index.ts";
import { readStatementFile } from "../../src/queries/read-statement-file.ts";
import { shopInSync } from "../queries/shop.ts";
import type { Ended } from "../support/source.ts";

/** Every statement of a corpus, tried on both databases. */
export async function classify(name: string, ended: Ended): Promise<QueriesResult> {
  const directory = new URL(`corpora/${name}/`, import.meta.url);
  const { migration } = await shopInSync(ended, readFileSync(new URL("database.sql", directory), "utf8"));
  return migration.queries(readStatementFile(fileURLToPath(new URL("statements.jsonl", directory))));
}
