import { readSchemaCatalogue } from "../../src/schema/prove/schema-catalogue.ts";
import { openTarget } from "../../src/target/target.ts";

/** All that a database holds but rows, one line each; our own schema and the table of applied migrations apart. */
export async function catalogueOf(url: string): Promise<readonly string[]> {
  const target = openTarget({ url });
  try {
    return await readSchemaCatalogue(await target.session());
  } finally {
    await target.close();
  }
}
