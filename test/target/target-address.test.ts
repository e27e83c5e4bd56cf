import { expect, it, onTestFinished, vi } from "vitest";
import { canonicalUrl, socketOf } from "../../src/target/target-address.ts";

it.each([
  ["postgres:///shop?host=/var/run/postgresql", "postgres://%2Fvar%2Frun%2Fpostgresql/shop"],
  ["postgres:///shop?host=/tmp&port=5433&user=app&password=a%2Fb+c", "postgres://app:a%2Fb%2Bc@%2Ftmp:5433/shop"],
  [
    "postgresql://app@/shop?host=/tmp&sslmode=require&connect_timeout=5",
    "postgres://app@%2Ftmp/shop?connect_timeout=5",
  ],
  ["postgres://app:secret@/shop", "postgres://app:secret@localhost/shop"],
  ["postgres://?host=db.internal&dbname=shop&sslmode=require", "postgres://db.internal/shop?sslmode=require"],
  ["postgres:///shop?host=::1&port=5433", "postgres://[::1]:5433/shop"],
])("brings %s into the form that both drivers understand: %s", (given, canonical) => {
  vi.stubEnv("PGHOST", undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(canonicalUrl(given)).toBe(canonical);
  expect(canonicalUrl(canonical)).toBe(canonical);
});

it.each([
  "postgres://app@%2Ftmp:5433/shop",
  "postgres://app:p%40ss@db:5432/shop?sslmode=require&options=-c%20a%3Db+c",
  "postgres://app@[::1]:5432/shop",
  "postgres://one:1,two:2/shop",
  "postgres://app:pa@/ss@db/shop",
  "mysql:///shop?host=/tmp",
  "shop",
])("leaves %s as it is", (given) => {
  expect(canonicalUrl(given)).toBe(given);
});

it("uses PGHOST if the URL names no host", () => {
  vi.stubEnv("PGHOST", "/var/run/postgresql");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(canonicalUrl("postgres://app@/shop")).toBe("postgres://app@%2Fvar%2Frun%2Fpostgresql/shop");
  expect(canonicalUrl("postgres:///shop?user=app")).toBe("postgres://app@%2Fvar%2Frun%2Fpostgresql/shop");
  expect(canonicalUrl("postgres://app@db/shop?port=1")).toBe("postgres://app@db:1/shop");
});

it("finds the directory of a socket", () => {
  expect(socketOf("postgres://app@%2Fvar%2Frun:5433/shop")).toEqual({ host: "/var/run" });
  expect(socketOf("postgres://app@db/shop")).toEqual({});
});
