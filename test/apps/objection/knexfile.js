const isPostgres = /^postgres/.test(process.env.DATABASE_URL ?? "");

export default isPostgres
  ? { client: "pg", connection: process.env.DATABASE_URL, migrations: { directory: "./migrations" } }
  : {
      client: "better-sqlite3",
      connection: { filename: process.env.APP_SQLITE, options: { timeout: 5000 } },
      useNullAsDefault: true,
      migrations: { directory: "./migrations" },
      pool: { afterCreate: (connection, done) => done(null, connection.pragma("foreign_keys = on")) },
    };
