import { Kysely, Migrator, PostgresDialect, SqliteDialect } from "kysely";
import { hex, iso, isPostgres, serveLines, sqliteFile } from "./serve-lines.mjs";
import * as shelf from "./shelf-migration.mjs";

const db = new Kysely({ dialect: await dialect() });

async function dialect() {
  if (isPostgres()) {
    const { default: pg } = await import("pg");
    pg.types.setTypeParser(1082, (text) => text);
    return new PostgresDialect({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) });
  }
  const { default: Database } = await import("better-sqlite3");
  const database = new Database(sqliteFile(), { timeout: 5000 });
  database.pragma("foreign_keys = on");
  return new SqliteDialect({ database });
}

if (process.argv[2] === "schema") {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ "001_shelf": shelf }) } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
  await db.destroy();
  process.exit(0);
}

/** SQLite's driver takes neither booleans nor dates: an application of both databases converts them. */
const stored = (value) => {
  if (isPostgres()) return value;
  if (typeof value === "boolean") return Number(value);
  return value instanceof Date ? value.toISOString().replace("T", " ").replace("Z", "") : value;
};

const row = (values) => {
  const read = {
    joined: (text) => new Date(text),
    photo: (digits) => Buffer.from(digits, "hex"),
    settings: (value) => JSON.stringify(value),
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, stored(name in read ? read[name](value) : value)]),
  );
};

const asDate = (value) => (typeof value === "string" ? new Date(`${value.replace(" ", "T")}Z`) : value);

await serveLines({
  addAuthor: async (author) =>
    (await db.insertInto("authors").values(row(author)).returning("id").executeTakeFirstOrThrow()).id,
  async author(id) {
    const found = await db.selectFrom("authors").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    const { active, joined, settings, photo } = found;
    return {
      ...found,
      active: isPostgres() ? active : active === 1,
      joined: iso(asDate(joined)),
      settings: typeof settings === "string" ? JSON.parse(settings) : settings,
      photo: hex(photo),
    };
  },
  changeAuthor: async (id, values) =>
    void (await db.updateTable("authors").set(row(values)).where("id", "=", id).execute()),
  removeAuthor: async (id) => void (await db.deleteFrom("authors").where("id", "=", id).execute()),
  async authors({ active, bornBefore, joinedAfter, limit = 1000, offset = 0 }) {
    let query = db.selectFrom("authors").select("id").orderBy("id").limit(limit).offset(offset);
    if (active !== undefined) query = query.where("active", "=", stored(active));
    if (bornBefore !== undefined) query = query.where("born", "<", bornBefore);
    if (joinedAfter !== undefined) query = query.where("joined", ">", stored(new Date(joinedAfter)));
    return (await query.execute()).map(({ id }) => id);
  },
  addPost: async ({ authorId, ...post }) =>
    (
      await db
        .insertInto("posts")
        .values({ author_id: authorId, ...post })
        .returning("id")
        .executeTakeFirstOrThrow()
    ).id,
  big: async (id) =>
    String((await db.selectFrom("posts").select("big").where("id", "=", id).executeTakeFirstOrThrow()).big),
  posts: (id) =>
    db
      .selectFrom("posts")
      .innerJoin("authors", "authors.id", "posts.author_id")
      .select(["posts.title", "authors.name as author"])
      .where("authors.id", "=", id)
      .orderBy("posts.id")
      .execute(),
  views: async (id) =>
    (
      await db
        .selectFrom("posts")
        .select((eb) => eb.fn.sum("views").as("sum"))
        .where("author_id", "=", id)
        .executeTakeFirstOrThrow()
    ).sum,
  async tag(postId, name) {
    const { id } = await db
      .insertInto("tags")
      .values({ name })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ name }))
      .returning("id")
      .executeTakeFirstOrThrow();
    const link = db.insertInto("post_tags").values({ post_id: postId, tag_id: id });
    await link.onConflict((conflict) => conflict.doNothing()).execute();
  },
  tagsOf: async (id) =>
    (
      await db
        .selectFrom("tags")
        .innerJoin("post_tags", "tag_id", "id")
        .select("name")
        .where("post_id", "=", id)
        .orderBy("name")
        .execute()
    ).map(({ name }) => name),
  async failingTransaction(author) {
    const failed = new Error("on purpose");
    const work = async (trx) => {
      await trx.insertInto("authors").values(row(author)).execute();
      throw failed;
    };
    await db
      .transaction()
      .execute(work)
      .catch((error) => {
        if (error !== failed) throw error;
      });
  },
  titles: async (prefix) =>
    (await db.selectFrom("posts").select("title").where("title", "like", `${prefix}%`).execute()).map(
      ({ title }) => title,
    ),
});
