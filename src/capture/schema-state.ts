import { createHash } from "node:crypto";
import type { SourceSchemaState, TableSchemaState } from "../model/run.ts";
import { readSchemaVersion } from "../source/schema-version.ts";
import type { SourceReader, SourceValue } from "../source/source.ts";
import { decodeText, readEncoding } from "../source/source-text.ts";
import { sql } from "../sql.ts";

/** The state that drift checks compare: SQLite's schema version and digests of the schema. */
export type SchemaState = SourceSchemaState;

export async function readSchemaState(tx: SourceReader): Promise<SchemaState> {
  const version = await readSchemaVersion(tx);
  const encoding = await readEncoding(tx);
  const all = new Digest();
  const rest = new Digest();
  const tables = new Map<string, Record<keyof TableSchemaState, Digest>>();
  for (const [text, table, part] of await tx.rows(sql("source/schema-text"))) {
    const bytes = asBytes(text);
    if (part === "rest") {
      rest.add(bytes);
      continue;
    }
    all.add(bytes);
    const name = decodeText(table, encoding);
    const parts = tables.get(name) ?? { definition: new Digest(), triggers: new Digest(), capture: new Digest() };
    tables.set(name, parts);
    parts[part as keyof TableSchemaState].add(bytes);
  }
  return {
    version,
    digest: all.text,
    rest: rest.text,
    tables: Object.fromEntries(
      [...tables].map(([name, { definition, triggers, capture }]) => [
        name,
        { definition: definition.short, triggers: triggers.short, capture: capture.short },
      ]),
    ),
  };
}

class Digest {
  readonly #hash = createHash("sha256");

  add(bytes: Buffer): void {
    this.#hash.update(bytes).update("\n");
  }

  get text(): string {
    return this.#hash.copy().digest("hex");
  }

  get short(): string {
    return this.text.slice(0, 12);
  }
}

function asBytes(value: SourceValue | undefined): Buffer {
  return value instanceof ArrayBuffer ? Buffer.from(value) : Buffer.from(String(value ?? ""));
}
