module.exports = {
  async up(query, { DataTypes, literal }) {
    const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
    const required = (type, more = {}) => ({ type, allowNull: false, ...more });
    await query.createTable("authors", {
      id,
      name: required(DataTypes.STRING),
      email: required(DataTypes.STRING, { unique: true }),
      active: required(DataTypes.BOOLEAN, { defaultValue: true }),
      rating: DataTypes.DOUBLE,
      balance: required(DataTypes.DECIMAL(12, 2), { defaultValue: 0 }),
      born: DataTypes.DATEONLY,
      joined: required(DataTypes.DATE, { defaultValue: literal("CURRENT_TIMESTAMP") }),
      settings: DataTypes.JSON,
      photo: DataTypes.BLOB,
      token: DataTypes.UUID,
    });
    await query.createTable("posts", {
      id,
      author_id: required(DataTypes.INTEGER, { references: { model: "authors", key: "id" }, onDelete: "CASCADE" }),
      title: required(DataTypes.STRING),
      status: required(DataTypes.ENUM("draft", "published")),
      views: required(DataTypes.INTEGER, { defaultValue: 0 }),
      big: DataTypes.BIGINT,
    });
    await query.addIndex("posts", ["author_id"]);
    await query.createTable("tags", { id, name: required(DataTypes.STRING, { unique: true }) });
    await query.createTable("post_tags", {
      post_id: {
        type: DataTypes.INTEGER,
        primaryKey: true,
        references: { model: "posts", key: "id" },
        onDelete: "CASCADE",
      },
      tag_id: { type: DataTypes.INTEGER, primaryKey: true, references: { model: "tags", key: "id" } },
    });
  },
  async down(query) {
    for (const table of ["post_tags", "tags", "posts", "authors"]) await query.dropTable(table);
  },
};
