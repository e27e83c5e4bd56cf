import { randomBytes } from "node:crypto";
import { afterAll, expect, it } from "vitest";
import { runUrl } from "../../src/target/connection/render-connection.ts";
import { superuser } from "../support/superuser.ts";
import { emptyDatabase, query, releaseServer } from "../support/target.ts";
import { wholeJourney } from "../support/whole-journey.ts";

afterAll(releaseServer);

it("whole journeys at once in one database, by roles that own two schemas and nothing else", {
  timeout: 300_000,
}, async () => {
  const database = new URL(await emptyDatabase()).pathname;
  const admin = Object.assign(new URL(await superuser()), { pathname: database }).href;
  await query(admin, "revoke all on schema public from public");
  await query(admin, `revoke create on database "${database.slice(1)}" from public`);
  const roles = ["a", "b"].map((name) => `tenant_${name}_${randomBytes(4).toString("hex")}`);
  const targets = [];
  for (const role of roles) {
    await query(admin, `create role ${role} login password 'secret'`);
    for (const schema of [role, `changeover_${role}`])
      await query(admin, `create schema ${schema} authorization ${role}`);
    targets.push(Object.assign(new URL(admin), { username: role, password: "secret" }).href);
  }
  await Promise.all(
    targets.map((target, index) => {
      const schema = roles[index] ?? "";
      return wholeJourney({
        target,
        options: ["--schema", schema, "--state-schema", `changeover_${schema}`],
        application: (sql) => query(runUrl(target, { schema }), sql),
      });
    }),
  );
  const found = await query<{ schema: string }>(
    admin,
    "select distinct n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace " +
      "where n.nspname !~ '^pg_|^information_schema$'",
  );
  expect(found.map(({ schema }) => schema).filter((schema) => !/^(changeover_)?tenant_/.test(schema))).toEqual([]);
});
