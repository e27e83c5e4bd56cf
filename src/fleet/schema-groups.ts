import { createHash } from "node:crypto";
import { ChangeoverError, messageOf } from "../errors.ts";
import { openSource } from "../source/source.ts";
import { sql } from "../sql.ts";

/** Objects of a source's schema: their text by their kind and name. */
export type SchemaText = ReadonlyMap<string, string>;

export type ReadSchemaText =
  | { readonly kind: "read"; readonly objects: SchemaText; readonly digest: string }
  | { readonly kind: "unreadable"; readonly why: string };

/** The text of a source's schema, without what SQLite and changeover add. */
export async function readSchemaText(url: string, authToken?: string): Promise<ReadSchemaText> {
  try {
    const source = openSource({ url, ...(authToken === undefined ? {} : { authToken }) });
    try {
      const rows = await source.read((tx) => tx.rows(sql("source/fleet-schema")));
      const objects = new Map(
        rows.map(([type, name, text]) => [`${String(type)} ${String(name)}`, String(text).replace(/\s+/g, " ").trim()]),
      );
      return { kind: "read", objects, digest: digestOf(objects) };
    } finally {
      source.close();
    }
  } catch (error) {
    const code = error instanceof ChangeoverError ? `${error.code}: ` : "";
    return { kind: "unreadable", why: `${code}${messageOf(error)}` };
  }
}

export function digestOf(objects: SchemaText): string {
  const lines = [...objects].map(([name, text]) => `${name}\n${text}`).sort();
  return createHash("sha256").update(lines.join("\n\n")).digest("hex").slice(0, 16);
}

/** The digest that most have; of equally many, the one that comes first. */
export function commonDigest(digests: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const digest of digests) counts.set(digest, (counts.get(digest) ?? 0) + 1);
  let best: string | null = null;
  for (const [digest, count] of counts) if (best === null || count > (counts.get(best) ?? 0)) best = digest;
  return best;
}

/** How a schema differs from the common one, object by object. */
export function describeOdd(common: SchemaText, own: SchemaText): string[] {
  const missing = [...common.keys()].filter((name) => !own.has(name)).map((name) => `${name} is missing`);
  const extra = [...own.keys()].filter((name) => !common.has(name)).map((name) => `${name} is extra`);
  const changed = [...common].flatMap(([name, text]) => {
    const other = own.get(name);
    return other === undefined || other === text ? [] : [`${name} differs${firstDifference(text, other)}`];
  });
  return [...missing, ...extra, ...changed].sort();
}

const SHOWN = 40;

function firstDifference(common: string, own: string): string {
  let at = 0;
  while (common[at] === own[at]) at++;
  const from = Math.max(0, common.lastIndexOf(" ", at - 1));
  return `: … ${own.slice(from, from + SHOWN).trim()} … instead of … ${common.slice(from, from + SHOWN).trim()} …`;
}
