import { describe, expect, it } from "vitest";
import { NameSpace, takeNames } from "../../../src/plan/names/choose-names.ts";
import { snakeCase } from "../../../src/plan/names/fold-name.ts";

describe("snakeCase", () => {
  it.each([
    ["customerId", "customer_id"],
    ["CustomerID", "customer_id"],
    ["HTTPServer", "http_server"],
    ["Order Details", "order_details"],
    ["reply-to", "reply_to"],
    ["Sepal.Length", "sepal_length"],
    ["address2Line", "address2_line"],
    ["新增装机量(MW)", "新增装机量_mw"],
    ["ÜberName", "über_name"],
    ["_private", "_private"],
    ["two__parts", "two__parts"],
    ["created_at", "created_at"],
    ["CREATED_AT", "created_at"],
    ["(x)", "x"],
    ["**", "**"],
  ])("folds %s to %s", (name, folded) => {
    expect(snakeCase(name)).toBe(folded);
    expect(snakeCase(folded)).toBe(folded);
  });

  it("leaves a name to the column that has it already", () => {
    expect([...takeNames(new NameSpace(), ["UserId", "user-id", "user_id"], { fold: snakeCase }).values()]).toEqual([
      "user_id_2",
      "user_id_3",
      "user_id",
    ]);
  });
});
