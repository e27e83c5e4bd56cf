import { execSync } from "node:child_process";
import sequelize from "sequelize";
import settings from "./config/config.cjs";
import { hex, iso, serveLines } from "./serve-lines.mjs";

if (process.argv[2] === "schema") {
  execSync("npx sequelize-cli db:migrate", { stdio: "inherit" });
  process.exit(0);
}

const { DataTypes, Op, Sequelize } = sequelize;
const db = settings.url === undefined ? new Sequelize(settings) : new Sequelize(settings.url, settings);
const plain = { timestamps: false, underscored: true };

const Author = db.define(
  "author",
  {
    name: DataTypes.STRING,
    email: DataTypes.STRING,
    active: DataTypes.BOOLEAN,
    rating: DataTypes.DOUBLE,
    balance: DataTypes.DECIMAL(12, 2),
    born: DataTypes.DATEONLY,
    joined: DataTypes.DATE,
    settings: DataTypes.JSON,
    photo: DataTypes.BLOB,
    token: DataTypes.UUID,
  },
  { ...plain, tableName: "authors" },
);
const Post = db.define(
  "post",
  {
    authorId: DataTypes.INTEGER,
    title: DataTypes.STRING,
    status: DataTypes.ENUM("draft", "published"),
    views: DataTypes.INTEGER,
    big: DataTypes.BIGINT,
  },
  { ...plain, tableName: "posts" },
);
const Tag = db.define("tag", { name: { type: DataTypes.STRING, unique: true } }, { ...plain, tableName: "tags" });
Post.belongsTo(Author, { foreignKey: "authorId" });
Post.belongsToMany(Tag, { through: "post_tags", ...plain, foreignKey: "post_id", otherKey: "tag_id" });
Tag.belongsToMany(Post, { through: "post_tags", ...plain, foreignKey: "tag_id", otherKey: "post_id" });

const row = ({ joined, photo, ...values }) => ({
  ...values,
  ...(joined === undefined ? {} : { joined: new Date(joined) }),
  ...(photo === undefined ? {} : { photo: Buffer.from(photo, "hex") }),
});

// Only the named fields are written: the database's defaults hold for the others.
const made = async (Model, values) => (await Model.create(values, { fields: Object.keys(values) })).id;

await serveLines({
  addAuthor: (author) => made(Author, row(author)),
  async author(id) {
    const found = (await Author.findByPk(id, { rejectOnEmpty: true })).get({ plain: true });
    return { ...found, joined: iso(found.joined), photo: hex(found.photo) };
  },
  changeAuthor: async (id, values) => void (await Author.update(row(values), { where: { id } })),
  removeAuthor: async (id) => void (await Author.destroy({ where: { id } })),
  async authors({ active, bornBefore, joinedAfter, limit = 1000, offset = 0 }) {
    const where = {
      ...(active === undefined ? {} : { active }),
      ...(bornBefore === undefined ? {} : { born: { [Op.lt]: bornBefore } }),
      ...(joinedAfter === undefined ? {} : { joined: { [Op.gt]: new Date(joinedAfter) } }),
    };
    return (await Author.findAll({ where, order: ["id"], limit, offset })).map(({ id }) => id);
  },
  addPost: (post) => made(Post, post),
  big: async (id) => String((await Post.findByPk(id)).big),
  async posts(id) {
    const found = await Post.findAll({ include: Author, where: { authorId: id }, order: ["id"] });
    return found.map(({ title, author }) => ({ title, author: author.name }));
  },
  views: (id) => Post.sum("views", { where: { authorId: id } }),
  async tag(postId, name) {
    await Tag.upsert({ name }, { conflictFields: ["name"] });
    await (await Post.findByPk(postId)).addTag(await Tag.findOne({ where: { name } }));
  },
  async tagsOf(id) {
    const post = await Post.findByPk(id, { include: Tag, order: [[Tag, "name", "ASC"]] });
    return post.tags.map(({ name }) => name);
  },
  async failingTransaction(author) {
    const failed = new Error("on purpose");
    const work = async (transaction) => {
      await Author.create(row(author), { transaction });
      throw failed;
    };
    await db.transaction(work).catch((error) => {
      if (error !== failed) throw error;
    });
  },
  titles: async (prefix) =>
    (await Post.findAll({ where: { title: { [Op.like]: `${prefix}%` } } })).map(({ title }) => title),
});
