import { sql } from "drizzle-orm";
import { blob, index, integer, numeric, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const authors = sqliteTable("authors", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  active: integer("active", { mode: "boolean" }).notNull().default(true),
  rating: real("rating"),
  balance: numeric("balance").notNull().default("0"),
  born: text("born"),
  joined: integer("joined", { mode: "timestamp_ms" }).notNull().default(sql`(unixepoch() * 1000)`),
  settings: text("settings", { mode: "json" }),
  photo: blob("photo", { mode: "buffer" }),
  token: text("token"),
});

export const posts = sqliteTable(
  "posts",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    authorId: integer("author_id")
      .notNull()
      .references(() => authors.id, { onDelete: "cascade" }),
    title: text("title").notNull(),
    status: text("status", { enum: ["draft", "published"] }).notNull(),
    views: integer("views").notNull().default(0),
    big: integer("big"),
  },
  (table) => [index("posts_author").on(table.authorId)],
);

export const tags = sqliteTable("tags", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  name: text("name").notNull().unique(),
});

export const postTags = sqliteTable(
  "post_tags",
  {
    postId: integer("post_id")
      .notNull()
      .references(() => posts.id, { onDelete: "cascade" }),
    tagId: integer("tag_id")
      .notNull()
      .references(() => tags.id),
  },
  (table) => [primaryKey({ columns: [table.postId, table.tagId] })],
);
