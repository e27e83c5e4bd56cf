import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { parseConnectionString } from "../../../src/target/connection/parse-connection-string.ts";
import { passwordFor, readPasswordFile } from "../../../src/target/connection/password-file.ts";
import { connectionLocation, runUrl, withDatabase } from "../../../src/target/connection/render-connection.ts";
import { resolveConnection } from "../../../src/target/connection/resolve-connection.ts";

it.each([
  ["postgres://u:p@h:1/d", { user: "u", password: "p", host: "h", port: "1", dbname: "d" }],
  [
    "postgresql://u%40x:p%3A%2F@h/d%20e?sslmode=require&a+b=c+d".replace("&a+b=c+d", "&application_name=c+d"),
    {
      user: "u@x",
      password: "p:/",
      host: "h",
      dbname: "d e",
      sslmode: "require",
      application_name: "c+d",
    },
  ],
  ["postgres://app:pa@/ss@db/shop", { user: "app", password: "pa@/ss", host: "db", dbname: "shop" }],
  ["postgres://[::1]:5433,two:2/d", { host: "::1,two", port: "5433,2", dbname: "d" }],
  ["postgres://one,two:2/d", { host: "one,two", port: ",2", dbname: "d" }],
  ["postgres://u@%2Ftmp/d", { user: "u", host: "/tmp", dbname: "d" }],
  ["postgres://u@h?dbname=d", { user: "u", host: "h", dbname: "d" }],
  ["postgres:///d?host=/tmp&ssl=true", { dbname: "d", host: "/tmp", sslmode: "require" }],
  ["host=h dbname = 'it''s".replace("''", "\\'") + "' user=a\\ b", { host: "h", dbname: "it's", user: "a b" }],
])("reads %s as libpq does", (text, values) => {
  expect(Object.fromEntries(parseConnectionString(text))).toEqual(values);
});

it.each([
  "mysql://h/d",
  "shop",
  "./app.db",
  "postgres://h/d?sslmode",
  "postgres://u:100%@h/d",
  "postgres://[::1/d",
  "host=h dbname='d",
])("refuses %s", (text) => {
  expect(() => parseConnectionString(text)).toThrow(expect.objectContaining({ code: "TARGET_URL" }));
});

const NOTHING = { HOME: "/nowhere" };
const resolved = (text: string, environment: Record<string, string> = NOTHING) =>
  resolveConnection(text, { environment });

it("a string of its own means the same to another process, whatever the environment there is", () => {
  for (const text of [
    "postgres://u%2Fx:p%40@h:1,[::1]:2/d%20e?sslmode=require&options=-c%20a%3Db&schema=app",
    "host=/tmp port=5433 user=u dbname=d",
    "postgres://h/d?hostaddr=127.0.0.1&user=u",
  ]) {
    const url = runUrl(text);
    const before = resolved(text);
    const after = resolved(url, { ...NOTHING, PGHOST: "x", PGUSER: "y", PGDATABASE: "z", PGPORT: "9" });
    expect({ ...after, values: null }).toEqual({ ...before, values: null });
    expect(runUrl(url)).toBe(url);
  }
});

it("shows where a connection leads without its password", () => {
  expect(connectionLocation(resolved("host=h,i port=1,2 user='a b' password=secret dbname=d"))).toBe(
    "postgres://a%20b@h:1,i:2/d",
  );
});

it("leads to another database, and to another schema", () => {
  expect(resolved(withDatabase("postgres://u@h/d?sslmode=require", "e f"))).toMatchObject({
    database: "e f",
    tls: { mode: "require" },
  });
  expect(resolved(runUrl("postgres://u@h/d?search_path=one,two", { schema: "App" })).schema).toBe("App");
  expect(resolved("postgres://u@h/d?search_path=One,two").schema).toBe("one");
});

it("names what it leaves out, and refuses what nobody knows", () => {
  const { leftOut } = resolved(
    "postgres://u@h/d?pgbouncer=true&channel_binding=require&gssencmode=prefer&keepalives=1",
  );
  expect(leftOut.map(({ name }) => name)).toEqual(["pgbouncer", "channel_binding"]);
  expect(() => resolved("postgres://u@h/d?statement_timeout=5")).toThrow(/statement_timeout/);
});

it("a service fills in what the string leaves open, and the environment the rest", () => {
  const home = mkdtempSync(join(tmpdir(), "changeover-services-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  writeFileSync(join(home, ".pg_service.conf"), "[s]\nhost=from-service\nuser=from-service\n");
  const environment = { HOME: home, PGUSER: "from-environment", PGDATABASE: "from-environment" };
  const { database, endpoints, user } = resolved("postgres://given/?service=s", environment);
  expect([endpoints[0]?.host, user, database]).toEqual(["given", "from-service", "from-environment"]);
});

it("takes the first matching line of a password file, and none of a file that others may read", () => {
  const home = mkdtempSync(join(tmpdir(), "changeover-passwords-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const path = join(home, ".pgpass");
  writeFileSync(path, "h:5432:d:v:1\nh:*:a\\:b:u:p\\\\:q\nlocalhost:*:*:u:socket\n*:*:*:u:all\n", { mode: 0o600 });
  const ask = (host: string, database: string) =>
    passwordFor(readPasswordFile(path), { host, port: 5432, database, user: "u" });
  expect([ask("h", "a:b"), ask("h", "d"), ask("/tmp", "d")]).toEqual(["p\\:q", "all", "socket"]);
  chmodSync(path, 0o640);
  expect(ask("h", "a:b")).toBeNull();
  expect(resolved("postgres://u@h/d", { HOME: home }).passwordFileIgnored).toContain("chmod 600");
});
