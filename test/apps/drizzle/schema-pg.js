import {
  bigint,
  boolean,
  customType,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  primaryKey,
  serial,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

const bytea = customType({ dataType: () => "bytea" });

export const status = pgEnum("status", ["draft", "published"]);

export const authors = pgTable("authors", {
  id: serial("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  active: boolean("active").notNull().default(true),
  rating: doublePrecision("rating"),
  balance: numeric("balance", { precision: 12, scale: 2 }).notNull().default("0"),
  born: date("born"),
  joined: timestamp("joined", { withTimezone: true }).notNull().defaultNow(),
  settings: jsonb("settings"),
  photo: bytea("photo"),
  token: uuid("token"),
});

export const posts = pgTable(
  "posts",
  {
    id: serial("id").primaryKey(),
    authorId: integer("author_id")
      .notNull()
      .references(() => authors.id, { onDelete: "cascade" }),
    title: text("title").notNull(),
    status: status("status").notNull(),
    views: integer("views").notNull().default(0),
    big: bigint("big", { mode: "number" }),
  },
  (table) => [index("posts_author").on(table.authorId)],
);

export const tags = pgTable("tags", {
  id: serial("id").primaryKey(),
  name: text("name").notNull().unique(),
});

export const postTags = pgTable(
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
