export async function up(knex) {
  await knex.schema.createTable("authors", (table) => {
    table.increments("id");
    table.string("name").notNullable();
    table.string("email").notNullable().unique();
    table.boolean("active").notNullable().defaultTo(true);
    table.double("rating");
    table.decimal("balance", 12, 2).notNullable().defaultTo(0);
    table.date("born");
    table.timestamp("joined").notNullable().defaultTo(knex.fn.now());
    table.json("settings");
    table.binary("photo");
    table.uuid("token");
  });
  await knex.schema.createTable("posts", (table) => {
    table.increments("id");
    table.integer("author_id").notNullable().references("authors.id").onDelete("CASCADE").index();
    table.string("title").notNullable();
    table.enum("status", ["draft", "published"]).notNullable();
    table.integer("views").notNullable().defaultTo(0);
    table.bigInteger("big");
  });
  await knex.schema.createTable("tags", (table) => {
    table.increments("id");
    table.string("name").notNullable().unique();
  });
  await knex.schema.createTable("post_tags", (table) => {
    table.integer("post_id").notNullable().references("posts.id").onDelete("CASCADE");
    table.integer("tag_id").notNullable().references("tags.id");
    table.primary(["post_id", "tag_id"]);
  });
}

export async function down(knex) {
  for (const table of ["post_tags", "tags", "posts", "authors"]) await knex.schema.dropTable(table);
}
