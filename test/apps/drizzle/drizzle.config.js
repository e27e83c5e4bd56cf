const isPostgres = /^postgres/.test(process.env.DATABASE_URL ?? "");

export default isPostgres
  ? {
      dialect: "postgresql",
      schema: "./schema-pg.js",
      out: "./drizzle-pg",
      dbCredentials: { url: process.env.DATABASE_URL },
    }
  : {
      dialect: "sqlite",
      schema: "./schema-sqlite.js",
      out: "./drizzle-sqlite",
      dbCredentials: { url: process.env.APP_SQLITE },
    };
