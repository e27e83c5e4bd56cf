import { execSync } from "node:child_process";
import { and, asc, eq, gt, like, lt, sum } from "drizzle-orm";
import { day, hex, iso, isPostgres, serveLines, sqliteFile } from "./serve-lines.mjs";

if (process.argv[2] === "schema") {
  const run = (command, env = {}) => execSync(command, { stdio: "inherit", env: { ...process.env, ...env } });
  // Drizzle's migrations belong to one database: those for PostgreSQL are generated beforehand.
  run("npx drizzle-kit generate", { DATABASE_URL: "postgres://only-its-dialect" });
  run("npx drizzle-kit generate && npx drizzle-kit migrate");
  process.exit(0);
}

const { db, authors, posts, tags, postTags } = await open();

async function open() {
  if (isPostgres()) {
    const { drizzle } = await import("drizzle-orm/node-postgres");
    return { db: drizzle(process.env.DATABASE_URL), ...(await import("./schema-pg.js")) };
  }
  const { default: Database } = await import("better-sqlite3");
  const { drizzle } = await import("drizzle-orm/better-sqlite3");
  const file = new Database(sqliteFile(), { timeout: 5000 });
  file.pragma("foreign_keys = on");
  return { db: drizzle(file), ...(await import("./schema-sqlite.js")) };
}

const row = ({ joined, photo, ...values }) => ({
  ...values,
  ...(joined === undefined ? {} : { joined: new Date(joined) }),
  ...(photo === undefined ? {} : { photo: Buffer.from(photo, "hex") }),
});

const addAuthor = async (author) => (await db.insert(authors).values(row(author)).returning())[0].id;

await serveLines({
  addAuthor,
  async author(id) {
    const [found] = await db.select().from(authors).where(eq(authors.id, id));
    return { ...found, born: day(found.born), joined: iso(found.joined), photo: hex(found.photo) };
  },
  changeAuthor: async (id, values) => void (await db.update(authors).set(row(values)).where(eq(authors.id, id))),
  removeAuthor: async (id) => void (await db.delete(authors).where(eq(authors.id, id))),
  async authors({ active, bornBefore, joinedAfter, limit = 1000, offset = 0 }) {
    const where = and(
      active === undefined ? undefined : eq(authors.active, active),
      bornBefore === undefined ? undefined : lt(authors.born, bornBefore),
      joinedAfter === undefined ? undefined : gt(authors.joined, new Date(joinedAfter)),
    );
    const found = await db.select().from(authors).where(where).orderBy(asc(authors.id)).limit(limit).offset(offset);
    return found.map(({ id }) => id);
  },
  addPost: async (post) => (await db.insert(posts).values(post).returning({ id: posts.id }))[0].id,
  big: async (id) => String((await db.select().from(posts).where(eq(posts.id, id)))[0].big),
  posts: (id) =>
    db
      .select({ title: posts.title, author: authors.name })
      .from(posts)
      .innerJoin(authors, eq(posts.authorId, authors.id))
      .where(eq(authors.id, id))
      .orderBy(asc(posts.id)),
  views: async (id) =>
    (
      await db
        .select({ sum: sum(posts.views) })
        .from(posts)
        .where(eq(posts.authorId, id))
    )[0].sum,
  async tag(postId, name) {
    const [{ id }] = await db
      .insert(tags)
      .values({ name })
      .onConflictDoUpdate({ target: tags.name, set: { name } })
      .returning();
    await db.insert(postTags).values({ postId, tagId: id }).onConflictDoNothing();
  },
  async tagsOf(id) {
    const query = db.select({ name: tags.name }).from(tags).innerJoin(postTags, eq(postTags.tagId, tags.id));
    return (await query.where(eq(postTags.postId, id)).orderBy(asc(tags.name))).map(({ name }) => name);
  },
  async failingTransaction(author) {
    const failed = new Error("on purpose");
    try {
      if (isPostgres())
        await db.transaction(async (tx) => {
          await tx.insert(authors).values(row(author));
          throw failed;
        });
      else
        db.transaction((tx) => {
          tx.insert(authors).values(row(author)).run();
          throw failed;
        });
    } catch (error) {
      if (error !== failed) throw error;
    }
  },
  titles: async (prefix) =>
    (
      await db
        .select({ title: posts.title })
        .from(posts)
        .where(like(posts.title, `${prefix}%`))
    ).map(({ title }) => title),
});
