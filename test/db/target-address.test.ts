import { expect, it } from "vitest";
import { canonicalUrl, socketOf } from "../../src/db/target-address.ts";

it.each([
  ["postgres:///shop?host=/var/run/postgresql", "postgres://%2Fvar%2Frun%2Fpostgresql/shop"],
  ["postgres:///shop?host=/tmp&port=5433&user=app&password=a%2Fb", "postgres://app:a%2Fb@%2Ftmp:5433/shop"],
  ["postgresql://app@/shop?host=/tmp&sslmode=disable", "postgres://app@%2Ftmp/shop?sslmode=disable"],
  ["postgres://app:secret@/shop", "postgres://app:secret@localhost/shop"],
  ["postgres://?host=db.internal&dbname=shop", "postgres://db.internal/shop"],
  ["postgres://app@%2Ftmp:5433/shop", "postgres://app@%2Ftmp:5433/shop"],
  ["postgres://app:p%40ss@db:5432/shop?sslmode=require", "postgres://app:p%40ss@db:5432/shop?sslmode=require"],
  ["postgres://one:1,two:2/shop", "postgres://one:1,two:2/shop"],
  ["mysql:///shop?host=/tmp", "mysql:///shop?host=/tmp"],
  ["shop", "shop"],
])("%s is %s", (given, canonical) => {
  expect(canonicalUrl(given)).toBe(canonical);
});

it("tells the directory of a socket", () => {
  expect(socketOf("postgres://app@%2Fvar%2Frun:5433/shop")).toEqual({ host: "/var/run" });
  expect(socketOf("postgres://app@db/shop")).toEqual({});
});
