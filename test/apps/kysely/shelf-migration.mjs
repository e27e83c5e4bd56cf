import { sql } from "kysely";
import { isPostgres } from "./serve-lines.mjs";

/** Types that are spelled as each database has them. */
const type = (postgres, sqlite) => sql.raw(isPostgres() ? postgres : sqlite);

const key = (table) =>
  isPostgres()
    ? table.addColumn("id", "serial", (column) => column.primaryKey())
    : table.addColumn("id", "integer", (column) => column.primaryKey().autoIncrement());

export async function up(db) {
  await key(db.schema.createTable("authors"))
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("email", "text", (column) => column.notNull().unique())
    .addColumn("active", "boolean", (column) => column.notNull().defaultTo(sql`true`))
    .addColumn("rating", type("double precision", "real"))
    .addColumn("balance", type("numeric(12, 2)", "numeric(12, 2)"), (column) => column.notNull().defaultTo(0))
    .addColumn("born", "date")
    .addColumn("joined", type("timestamptz", "datetime"), (column) =>
      column.notNull().defaultTo(sql`current_timestamp`),
    )
    .addColumn("settings", type("jsonb", "json"))
    .addColumn("photo", type("bytea", "blob"))
    .addColumn("token", type("uuid", "uuid"))
    .execute();
  await key(db.schema.createTable("posts"))
    .addColumn("author_id", "integer", (column) => column.notNull().references("authors.id").onDelete("cascade"))
    .addColumn("title", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull().check(sql`status in ('draft', 'published')`))
    .addColumn("views", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("big", "bigint")
    .execute();
  await key(db.schema.createTable("tags"))
    .addColumn("name", "text", (column) => column.notNull().unique())
    .execute();
  await db.schema
    .createTable("post_tags")
    .addColumn("post_id", "integer", (column) => column.notNull().references("posts.id").onDelete("cascade"))
    .addColumn("tag_id", "integer", (column) => column.notNull().references("tags.id"))
    .addPrimaryKeyConstraint("post_tags_pkey", ["post_id", "tag_id"])
    .execute();
  await db.schema.createIndex("posts_author").on("posts").column("author_id").execute();
}

export async function down(db) {
  for (const table of ["post_tags", "tags", "posts", "authors"]) await db.schema.dropTable(table).execute();
}
