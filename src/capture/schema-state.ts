import { createHash } from "node:crypto";
import type { SourceReader, SourceValue } from "../db/source.ts";
import { decodeText, readEncoding } from "../db/source-text.ts";
import { sql } from "../sql.ts";

/** What drift is measured against: SQLite's counter of schema changes and the schema itself. */
export interface SchemaState {
  readonly version: number;
  /** Digest of all schema text, and of each table's. writable_schema can change text without the counter. */
  readonly digest: string;
  readonly tables: Readonly<Record<string, string>>;
}

export async function readSchemaVersion(tx: SourceReader): Promise<number> {
  const [row] = await tx.rows("PRAGMA schema_version");
  return Number(row?.[0] ?? 0);
}

export async function readSchemaState(tx: SourceReader): Promise<SchemaState> {
  const version = await readSchemaVersion(tx);
  const whole = createHash("sha256");
  const tables = new Map<string, ReturnType<typeof createHash>>();
  const encoding = await readEncoding(tx);
  for (const [text, table] of await tx.rows(sql("source/schema-text"))) {
    const bytes = asBytes(text);
    whole.update(bytes).update("\n");
    const name = decodeText(table, encoding);
    const hash = tables.get(name) ?? createHash("sha256");
    tables.set(name, hash.update(bytes).update("\n"));
  }
  return { version, digest: whole.digest("hex"), tables: Object.fromEntries([...tables].map(([name, hash]) => [name, hash.digest("hex").slice(0, 16)])) };
}

function asBytes(value: SourceValue | undefined): Buffer {
  return value instanceof ArrayBuffer ? Buffer.from(value) : Buffer.from(String(value ?? ""));
}
