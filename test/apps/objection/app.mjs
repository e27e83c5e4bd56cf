import { execSync } from "node:child_process";
import { hex, iso, serveLines } from "./serve-lines.mjs";

if (process.argv[2] === "schema") {
  execSync("npx knex migrate:latest", { stdio: "inherit" });
  process.exit(0);
}

const { default: knex } = await import("knex");
const { Model, transaction } = await import("objection");
const { default: settings } = await import("./knexfile.js");
Model.knex(knex(settings));

class Author extends Model {
  static tableName = "authors";
  static jsonAttributes = ["settings"];
  static get relationMappings() {
    const join = { from: "authors.id", to: "posts.author_id" };
    return { posts: { relation: Model.HasManyRelation, modelClass: Post, join } };
  }
  $parseDatabaseJson(json) {
    const { active, joined, born, ...values } = super.$parseDatabaseJson(json);
    if (joined === undefined) return { ...values, ...(active === undefined ? {} : { active: Boolean(active) }) };
    const text = typeof joined === "string" ? `${joined.replace(" ", "T")}Z` : joined;
    return { ...values, active: Boolean(active), born: dayOf(born), joined: new Date(text) };
  }
}

class Tag extends Model {
  static tableName = "tags";
}

class Post extends Model {
  static tableName = "posts";
  static get relationMappings() {
    const through = { from: "post_tags.post_id", to: "post_tags.tag_id" };
    return {
      author: {
        relation: Model.BelongsToOneRelation,
        modelClass: Author,
        join: { from: "posts.author_id", to: "authors.id" },
      },
      tags: {
        relation: Model.ManyToManyRelation,
        modelClass: Tag,
        join: { from: "posts.id", through, to: "tags.id" },
      },
    };
  }
}

function dayOf(value) {
  if (value === null || typeof value === "string") return value;
  const date = new Date(value);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

const row = ({ joined, photo, ...values }) => ({
  ...values,
  ...(joined === undefined ? {} : { joined: new Date(joined) }),
  ...(photo === undefined ? {} : { photo: Buffer.from(photo, "hex") }),
});

await serveLines({
  addAuthor: async (author) => (await Author.query().insert(row(author))).id,
  async author(id) {
    const { joined, photo, ...found } = await Author.query().findById(id).throwIfNotFound();
    return { ...found, joined: iso(joined), photo: hex(photo) };
  },
  changeAuthor: async (id, values) => void (await Author.query().findById(id).patch(row(values))),
  removeAuthor: async (id) => void (await Author.query().deleteById(id)),
  async authors({ active, bornBefore, joinedAfter, limit = 1000, offset = 0 }) {
    const query = Author.query().orderBy("id").limit(limit).offset(offset).select("id");
    if (active !== undefined) query.where({ active });
    if (bornBefore !== undefined) query.where("born", "<", bornBefore);
    if (joinedAfter !== undefined) query.where("joined", ">", new Date(joinedAfter));
    return (await query).map(({ id }) => id);
  },
  addPost: async ({ authorId, ...post }) => (await Post.query().insert({ author_id: authorId, ...post })).id,
  big: async (id) => String((await Post.query().findById(id)).big),
  async posts(id) {
    const posts = await Post.query().withGraphJoined("author").where("author.id", id).orderBy("posts.id");
    return posts.map(({ title, author }) => ({ title, author: author.name }));
  },
  views: async (id) => (await Post.query().where({ author_id: id }).sum("views as sum").first()).sum,
  async tag(postId, name) {
    const tag =
      (await Tag.query().findOne({ name })) ?? (await Tag.query().insert({ name }).onConflict("name").ignore());
    await Post.relatedQuery("tags").for(postId).relate(tag.id);
  },
  tagsOf: async (id) => (await Post.relatedQuery("tags").for(id).orderBy("name")).map(({ name }) => name),
  async failingTransaction(author) {
    const failed = new Error("on purpose");
    const work = async (trx) => {
      await Author.query(trx).insert(row(author));
      throw failed;
    };
    await transaction(Author.knex(), work).catch((error) => {
      if (error !== failed) throw error;
    });
  },
  titles: async (prefix) => (await Post.query().where("title", "like", `${prefix}%`)).map(({ title }) => title),
});
