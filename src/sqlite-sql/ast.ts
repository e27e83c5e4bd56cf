/**
 * SQLite's statements as trees. Every node knows where it stands in the text: `start` and `end` are offsets into it.
 */
export type * from "./ast-expression.ts";
export type * from "./ast-query.ts";
export type * from "./ast-schema.ts";
export type * from "./ast-statement.ts";
