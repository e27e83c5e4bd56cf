const isPostgres = /^postgres/.test(process.env.DATABASE_URL ?? "");

const settings = isPostgres
  ? { dialect: "postgres", url: process.env.DATABASE_URL, logging: false }
  : { dialect: "sqlite", storage: process.env.APP_SQLITE, logging: false };

module.exports = { ...settings, development: settings };
