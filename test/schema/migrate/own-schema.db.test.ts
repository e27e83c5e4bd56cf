import { afterAll, expect, it } from "vitest";
import { settingsOf } from "../../../src/schema/migrate/migrate-settings.ts";
import { openConnection } from "../../../src/schema/migrate/migration-connection.ts";
import { ensureOwnSchema, isOwnSchemaCurrent, OWN_MIGRATIONS } from "../../../src/schema/migrate/own-schema.ts";
import { prepareRunStore } from "../../../src/schema/migrate/prepare-run-store.ts";
import { runUrl } from "../../../src/target/connection/render-connection.ts";
import { openTarget } from "../../../src/target/target.ts";
import { emptyDatabase, query, releaseServer } from "../../support/target.ts";

afterAll(releaseServer);

/** All that a schema holds, with its name taken out. */
async function contents(url: string, schema: string): Promise<string[]> {
  const rows = await query<{ line: string }>(
    url,
    `select format('%s %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       col_description(c.oid, a.attnum)) as line
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = '${schema}'::regnamespace and a.attnum > 0 and c.relkind = 'r'
     union all select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
     from pg_constraint where connamespace = '${schema}'::regnamespace
     union all select indexdef from pg_indexes where schemaname = '${schema}'
     union all select format('%s %s', relname, obj_description(oid)) from pg_class
     where relnamespace = '${schema}'::regnamespace and relkind = 'r'
     union all select format('migration %s', name) from ${schema}.migrations`,
  );
  return rows
    .map(({ line }) => line.replaceAll(`"${schema}".`, "").replaceAll(`${schema}.`, "").replaceAll("changeover.", ""))
    .sort();
}

it("is the same whether its files run one by one, or all at once under another name", async () => {
  const url = await emptyDatabase();
  const target = openTarget({ url });
  await prepareRunStore(await target.session(), url);
  await target.close();
  const connection = await openConnection(runUrl(url, { stateSchema: "changeover_x" }));
  await connection.run("begin");
  await ensureOwnSchema(connection, settingsOf({ url, directory: OWN_MIGRATIONS }));
  await connection.run("commit");
  expect(await isOwnSchemaCurrent(connection)).toBe(true);
  await connection.close();
  const [one, other] = [await contents(url, "changeover"), await contents(url, "changeover_x")];
  expect(other.length).toBeGreaterThan(100);
  expect(other).toEqual(one);
});
