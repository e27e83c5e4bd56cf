import { execSync } from "node:child_process";
import { hex, iso, serveLines } from "./serve-lines.mjs";

if (process.argv[2] === "schema") {
  execSync("npx knex migrate:latest", { stdio: "inherit" });
  process.exit(0);
}

const { default: knex } = await import("knex");
const { default: settings } = await import("./knexfile.js");
const db = knex(settings);

const parsed = (value) => (typeof value === "string" ? JSON.parse(value) : value);
const asDate = (value) => (typeof value === "string" ? new Date(`${value.replace(" ", "T")}Z`) : new Date(value));

/** Knex gives dates as the driver does: local midnight in PostgreSQL, milliseconds or a text in SQLite. */
const dayOf = (value) => {
  if (typeof value === "string") return value;
  const date = new Date(value);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
};

const row = ({ joined, photo, settings, ...values }) => ({
  ...values,
  ...(joined === undefined ? {} : { joined: new Date(joined) }),
  ...(photo === undefined ? {} : { photo: Buffer.from(photo, "hex") }),
  ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
});

const idOf = ([first]) => first.id;

await serveLines({
  addAuthor: async (author) => idOf(await db("authors").insert(row(author)).returning("id")),
  async author(id) {
    const found = await db("authors").where({ id }).first();
    return {
      ...found,
      active: Boolean(found.active),
      born: dayOf(found.born),
      joined: iso(asDate(found.joined)),
      settings: parsed(found.settings),
      photo: hex(found.photo),
    };
  },
  changeAuthor: async (id, values) => void (await db("authors").where({ id }).update(row(values))),
  removeAuthor: async (id) => void (await db("authors").where({ id }).delete()),
  async authors({ active, bornBefore, joinedAfter, limit = 1000, offset = 0 }) {
    const query = db("authors").orderBy("id").limit(limit).offset(offset);
    if (active !== undefined) query.where({ active });
    if (bornBefore !== undefined) query.where("born", "<", bornBefore);
    if (joinedAfter !== undefined) query.where("joined", ">", new Date(joinedAfter));
    return (await query).map(({ id }) => id);
  },
  addPost: async ({ authorId, ...post }) =>
    idOf(
      await db("posts")
        .insert({ author_id: authorId, ...post })
        .returning("id"),
    ),
  big: async (id) => String((await db("posts").where({ id }).first()).big),
  posts: (id) =>
    db("posts")
      .join("authors", "authors.id", "posts.author_id")
      .where("authors.id", id)
      .orderBy("posts.id")
      .select("posts.title", "authors.name as author"),
  views: async (id) => (await db("posts").where({ author_id: id }).sum("views as sum").first()).sum,
  async tag(postId, name) {
    const id = idOf(await db("tags").insert({ name }).onConflict("name").merge().returning("id"));
    await db("post_tags").insert({ post_id: postId, tag_id: id }).onConflict(["post_id", "tag_id"]).ignore();
  },
  tagsOf: (id) =>
    db("tags").join("post_tags", "tag_id", "tags.id").where({ post_id: id }).orderBy("name").pluck("name"),
  async failingTransaction(author) {
    const failed = new Error("on purpose");
    const work = async (trx) => {
      await trx("authors").insert(row(author));
      throw failed;
    };
    await db.transaction(work).catch((error) => {
      if (error !== failed) throw error;
    });
  },
  titles: (prefix) => db("posts").where("title", "like", `${prefix}%`).pluck("title"),
});
