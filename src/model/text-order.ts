/**
 * How PostgreSQL orders and compares the texts of the tables that the plan proposes: `C`, as
 * SQLite does, by the collation "C"; or `database`, by the collation of the database that they come into.
 */
export type CollationChoice = "C" | "database";
