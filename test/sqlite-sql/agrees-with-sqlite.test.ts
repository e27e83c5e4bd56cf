import { describe, it } from "vitest";
import { agreesWithSqlite, cutsAsSqlite, readsBack } from "./properties.ts";

describe("the parser of SQLite's SQL", () => {
  it("takes a statement where SQLite takes it, and only there", () => agreesWithSqlite(1_500));

  it("cuts a text into the tokens that SQLite cuts it into", () => cutsAsSqlite(2_000));

  it("reads what is printed of a tree as the same tree", () => readsBack(1_500));
});
