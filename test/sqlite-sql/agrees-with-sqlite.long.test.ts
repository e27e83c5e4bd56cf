import { describe, it } from "vitest";
import { agreesWithSqlite, cutsAsSqlite, readsBack } from "./properties.ts";

describe("the parser of SQLite's SQL, at length", () => {
  it("takes a statement where SQLite takes it, and only there", { timeout: 600_000 }, () => agreesWithSqlite(60_000));

  it("cuts a text into the tokens that SQLite cuts it into", { timeout: 600_000 }, () => cutsAsSqlite(60_000));

  it("reads what is printed of a tree as the same tree", { timeout: 600_000 }, () => readsBack(60_000));
});
