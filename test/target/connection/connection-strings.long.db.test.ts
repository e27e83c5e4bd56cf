import { readFileSync, writeFileSync } from "node:fs";
import { expect, it, onTestFinished } from "vitest";
import { askNodePostgres, askPostgresJs, askPsql, inWordsOfPsql } from "./ask-drivers.ts";
import { CONNECTION_CASES } from "./connection-cases.ts";
import { connectionWorld } from "./connection-world.ts";
import { CONNECTION_PAGE, renderConnectionPage } from "./render-connection-page.ts";

it.each([undefined, "14.23.0-beta.17"])(
  "psql, postgres.js and node-postgres do the same with the same string and environment, against %s",
  async (version) => {
    const { close, home, use, world } = await connectionWorld(version);
    onTestFinished(close);
    const differing: string[] = [];
    for (const server of ["good", "expired", "none"] as const) {
      await use(server);
      for (const { env, libpq, outcome, text } of CONNECTION_CASES.filter(({ server: of = "good" }) => of === server)) {
        // PostgreSQL has direct negotiation from 17 on.
        if (version !== undefined && text(world).includes("sslnegotiation")) continue;
        const environment = { HOME: home, ...env?.(world) };
        const given = text(world);
        const psql = await askPsql(given, environment);
        const asked = {
          psql: psql ?? inWordsOfPsql(libpq?.outcome ?? outcome),
          postgresJs: await askPostgresJs(given, environment),
          nodePostgres: await askNodePostgres(given, environment),
        };
        const wanted = { psql: inWordsOfPsql(libpq?.outcome ?? outcome), postgresJs: outcome, nodePostgres: outcome };
        if (JSON.stringify(asked) !== JSON.stringify(wanted))
          differing.push(
            `${server} ${given} ${JSON.stringify(env?.(world) ?? {})}: ${JSON.stringify(asked)}, not ` +
              `${JSON.stringify(wanted)}`,
          );
      }
    }
    expect(differing).toEqual([]);
  },
);

it("docs/reference/connection-strings.md is what these cases say", () => {
  if (process.env["WRITE_PAGES"] === "1") writeFileSync(CONNECTION_PAGE, renderConnectionPage());
  expect(readFileSync(CONNECTION_PAGE, "utf8")).toBe(renderConnectionPage());
});
