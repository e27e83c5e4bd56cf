/** A migration file with the indexes that slow statements need. */
export function renderIndexMigration(indexes: readonly string[]): string {
  const named = indexes.map((create, index) => ({ create, name: nameOf(create, index) }));
  return `-- Up Migration
-- Indexes that SQLite has, or makes for a statement, and by which the application's slow statements find their rows.
-- Each blocks writes to its table while it is built.
${named.map(({ create, name }) => `${create.replace(/^create index on/, `create index ${name} on`)};`).join("\n")}
-- Down Migration
${named.map(({ create, name }) => `drop index ${schemaOf(create)}${name};`).join("\n")}
`;
}

const LONGEST = 50;

/** `users_name_idx_1`: of letters that need no quotes, and short enough for PostgreSQL. */
function nameOf(create: string, index: number): string {
  const [, table = "", columns = ""] = /^create index on (.+?) \((.*)\)$/.exec(create) ?? [];
  const words = `${table.split(".").at(-1) ?? ""}_${columns}`.toLowerCase().replace(/collate "c"/g, "");
  return `queries_${index + 1}_${words
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, LONGEST)}`;
}

function schemaOf(create: string): string {
  const [, table = ""] = /^create index on (.+?) \(/.exec(create) ?? [];
  const parts = table.split(".");
  return parts.length > 1 ? `${parts.slice(0, -1).join(".")}.` : "";
}
