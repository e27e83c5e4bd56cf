import "reflect-metadata";
import { DataSource, EntitySchema, LessThan, Like, MoreThan } from "typeorm";
import { day, hex, iso, isPostgres, serveLines, sqliteFile } from "./serve-lines.mjs";

const choose = (postgres, sqlite) => (isPostgres() ? postgres : sqlite);
const id = { type: Number, primary: true, generated: true };

const Author = new EntitySchema({
  name: "Author",
  tableName: "authors",
  columns: {
    id,
    name: { type: String },
    email: { type: String, unique: true },
    active: { type: Boolean, default: true },
    rating: { type: "double precision", nullable: true },
    balance: { type: "decimal", precision: 12, scale: 2, default: 0 },
    born: { type: "date", nullable: true },
    joined: { type: choose("timestamptz", "datetime"), createDate: true },
    settings: { type: choose("jsonb", "simple-json"), nullable: true },
    photo: { type: choose("bytea", "blob"), nullable: true },
    token: { type: choose("uuid", "varchar"), nullable: true },
  },
  relations: { posts: { type: "one-to-many", target: "Post", inverseSide: "author" } },
});

const Post = new EntitySchema({
  name: "Post",
  tableName: "posts",
  columns: {
    id,
    title: { type: String },
    status: { type: choose("enum", "simple-enum"), enum: ["draft", "published"] },
    views: { type: "int", default: 0 },
    big: { type: "bigint", nullable: true },
    authorId: { type: Number, name: "author_id" },
  },
  relations: {
    author: {
      type: "many-to-one",
      target: "Author",
      inverseSide: "posts",
      onDelete: "CASCADE",
      joinColumn: { name: "author_id" },
    },
    tags: { type: "many-to-many", target: "Tag", joinTable: { name: "post_tags" } },
  },
});

const Tag = new EntitySchema({
  name: "Tag",
  tableName: "tags",
  columns: { id, name: { type: String, unique: true } },
});

/** The first migration is what TypeORM itself generates for this database. */
class Shelf1700000000000 {
  name = "Shelf1700000000000";
  async up(runner) {
    const { upQueries } = await runner.connection.driver.createSchemaBuilder().log();
    for (const { query, parameters } of upQueries) await runner.query(query, parameters);
  }
  async down() {}
}

export const source = new DataSource({
  ...(isPostgres()
    ? { type: "postgres", url: process.env.DATABASE_URL }
    : { type: "better-sqlite3", database: sqliteFile(), timeout: 5000 }),
  entities: [Author, Post, Tag],
  migrations: [Shelf1700000000000],
});

if (["schema", "migrate"].includes(process.argv[2])) {
  await source.initialize();
  await source.runMigrations();
  await source.destroy();
  process.exit(0);
}

await source.initialize();
const [authors, posts, tags] = [Author, Post, Tag].map((entity) => source.getRepository(entity));

const row = ({ joined, photo, ...values }) => ({
  ...values,
  ...(joined === undefined ? {} : { joined: new Date(joined) }),
  ...(photo === undefined ? {} : { photo: Buffer.from(photo, "hex") }),
});

await serveLines({
  addAuthor: async (author) => (await authors.save(row(author))).id,
  async author(id) {
    const found = await authors.findOneByOrFail({ id });
    return { ...found, born: day(found.born), joined: iso(found.joined), photo: hex(found.photo) };
  },
  changeAuthor: async (id, values) => void (await authors.update(id, row(values))),
  removeAuthor: async (id) => void (await authors.delete(id)),
  async authors({ active, bornBefore, joinedAfter, limit = 1000, offset = 0 }) {
    const where = {
      ...(active === undefined ? {} : { active }),
      ...(bornBefore === undefined ? {} : { born: LessThan(bornBefore) }),
      ...(joinedAfter === undefined ? {} : { joined: MoreThan(new Date(joinedAfter)) }),
    };
    return (await authors.find({ where, order: { id: "ASC" }, take: limit, skip: offset })).map(({ id }) => id);
  },
  addPost: async (post) => (await posts.save(post)).id,
  big: async (id) => String((await posts.findOneByOrFail({ id })).big),
  async posts(id) {
    const found = await posts.find({ where: { author: { id } }, relations: { author: true }, order: { id: "ASC" } });
    return found.map(({ title, author }) => ({ title, author: author.name }));
  },
  views: async (id) => await posts.sum("views", { authorId: id }),
  async tag(postId, name) {
    await tags.upsert({ name }, ["name"]);
    const tag = await tags.findOneByOrFail({ name });
    await source.createQueryBuilder().relation(Post, "tags").of(postId).add(tag.id);
  },
  async tagsOf(id) {
    const post = await posts.findOneOrFail({
      where: { id },
      relations: { tags: true },
      order: { tags: { name: "ASC" } },
    });
    return post.tags.map(({ name }) => name);
  },
  async failingTransaction(author) {
    const failed = new Error("on purpose");
    const work = async (manager) => {
      await manager.save(Author, row(author));
      throw failed;
    };
    await source.transaction(work).catch((error) => {
      if (error !== failed) throw error;
    });
  },
  titles: async (prefix) => (await posts.findBy({ title: Like(`${prefix}%`) })).map(({ title }) => title),
});
