import { EntitySchema, MikroORM, raw } from "@mikro-orm/core";
import { Migrator } from "@mikro-orm/migrations";
import { day, hex, iso, isPostgres, serveLines, sqliteFile } from "./serve-lines.mjs";

const id = { type: "integer", primary: true, autoincrement: true };

const Author = new EntitySchema({
  name: "Author",
  tableName: "authors",
  properties: {
    id,
    name: { type: "string" },
    email: { type: "string", unique: true },
    active: { type: "boolean", default: true },
    rating: { type: "double", nullable: true },
    balance: { type: "decimal", precision: 12, scale: 2, default: 0 },
    born: { type: "date", nullable: true },
    joined: { type: "datetime", length: 3, onCreate: () => new Date() },
    settings: { type: "json", nullable: true },
    photo: { type: "blob", nullable: true },
    token: { type: "uuid", nullable: true },
  },
});

const Tag = new EntitySchema({
  name: "Tag",
  tableName: "tags",
  properties: { id, name: { type: "string", unique: true } },
});

const Post = new EntitySchema({
  name: "Post",
  tableName: "posts",
  properties: {
    id,
    title: { type: "string" },
    status: { enum: true, items: ["draft", "published"], type: "string" },
    views: { type: "integer", default: 0 },
    big: { type: "bigint", nullable: true },
    author: { kind: "m:1", entity: "Author", deleteRule: "cascade" },
    tags: { kind: "m:n", entity: "Tag", pivotTable: "post_tags", owner: true },
  },
});

const folder = isPostgres() ? "migrations-postgres" : "migrations-sqlite";
const { defineConfig } = await import(isPostgres() ? "@mikro-orm/postgresql" : "@mikro-orm/better-sqlite");
const orm = await MikroORM.init(
  defineConfig({
    ...(isPostgres() ? { clientUrl: process.env.DATABASE_URL } : { dbName: sqliteFile() }),
    entities: [Author, Post, Tag],
    extensions: [Migrator],
    migrations: { path: folder, emit: "cjs", snapshot: false },
    allowGlobalContext: true,
  }),
);

if (["schema", "migrate"].includes(process.argv[2])) {
  // Its migrations belong to one database: each has its own first one.
  const migrator = orm.getMigrator();
  await migrator.createInitialMigration();
  await migrator.up();
  await orm.close(true);
  process.exit(0);
}

const row = ({ joined, photo, born, ...values }) => ({
  ...values,
  ...(born === undefined ? {} : { born }),
  ...(joined === undefined ? {} : { joined: new Date(joined) }),
  ...(photo === undefined ? {} : { photo: Buffer.from(photo, "hex") }),
});

const make = async (entity, values) => {
  const em = orm.em.fork();
  const made = em.create(entity, values);
  await em.persistAndFlush(made);
  return made.id;
};

await serveLines({
  addAuthor: (author) => make("Author", row(author)),
  async author(id) {
    const found = await orm.em.fork().findOneOrFail("Author", id);
    const { name, email, active, rating, balance, settings, token } = found;
    const values = { id, name, email, active, rating, balance, settings, token };
    return { ...values, born: day(found.born), joined: iso(found.joined), photo: hex(found.photo) };
  },
  changeAuthor: async (id, values) => void (await orm.em.fork().nativeUpdate("Author", { id }, row(values))),
  removeAuthor: async (id) => void (await orm.em.fork().nativeDelete("Author", { id })),
  async authors({ active, bornBefore, joinedAfter, limit = 1000, offset = 0 }) {
    const where = {
      ...(active === undefined ? {} : { active }),
      ...(bornBefore === undefined ? {} : { born: { $lt: bornBefore } }),
      ...(joinedAfter === undefined ? {} : { joined: { $gt: new Date(joinedAfter) } }),
    };
    const found = await orm.em.fork().find("Author", where, { orderBy: { id: "asc" }, limit, offset });
    return found.map(({ id }) => id);
  },
  addPost: ({ authorId, ...post }) => make("Post", { author: authorId, ...post }),
  big: async (id) => String((await orm.em.fork().findOneOrFail("Post", id)).big),
  async posts(id) {
    const options = { populate: ["author"], orderBy: { id: "asc" } };
    const found = await orm.em.fork().find("Post", { author: id }, options);
    return found.map(({ title, author }) => ({ title, author: author.name }));
  },
  async views(id) {
    const query = orm.em.fork().createQueryBuilder("Post");
    return (await query.select(raw("sum(views) as sum")).where({ author: id }).execute("get")).sum;
  },
  async tag(postId, name) {
    const em = orm.em.fork();
    const tag = await em.upsert("Tag", { name });
    const post = await em.findOneOrFail("Post", postId, { populate: ["tags"] });
    post.tags.add(tag);
    await em.flush();
  },
  async tagsOf(id) {
    const post = await orm.em.fork().findOneOrFail("Post", id, { populate: ["tags"] });
    return post.tags
      .getItems()
      .map(({ name }) => name)
      .sort();
  },
  async failingTransaction(author) {
    const failed = new Error("on purpose");
    const work = async (em) => {
      await em.insert("Author", row(author));
      throw failed;
    };
    await orm.em
      .fork()
      .transactional(work)
      .catch((error) => {
        if (error !== failed) throw error;
      });
  },
  titles: async (prefix) =>
    (await orm.em.fork().find("Post", { title: { $like: `${prefix}%` } })).map(({ title }) => title),
});
