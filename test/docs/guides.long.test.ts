import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openTarget } from "../../src/target/target.ts";
import { superuser } from "../support/superuser.ts";
import { differenceOf } from "./compare-output.ts";
import { runPage } from "./run-page.ts";
import { stepsOf } from "./steps.ts";

const GUIDES = fileURLToPath(new URL("../../docs/guides/", import.meta.url));

describe("guides: each command prints what the page says", () => {
  const guides = readdirSync(GUIDES).filter((page) => stepsOf(readFileSync(`${GUIDES}${page}`, "utf8")).length > 0);

  it("has guides with commands to run", () => {
    expect(guides.length).toBeGreaterThan(3);
  });

  it.each(guides)("%s", { timeout: 240_000 }, async (guide) => {
    const ran = await runPage(`docs/guides/${guide}`, { CHANGEOVER_TARGET: await databaseOf(guide) });
    expect(ran.flatMap((command) => differenceOf(command) ?? [])).toEqual([]);
  });
});

/** A database of its own for a role that may create others: `prove` and `rehearse --copy` want that. */
async function databaseOf(guide: string): Promise<string> {
  const name = `guide_${guide.replace(/\W/g, "_")}`;
  const url = new URL(await superuser());
  const server = openTarget({ url: url.href });
  try {
    const session = await server.session();
    await session.run(`create role ${name} login createdb password 'guide'`);
    await session.run(`create database ${name} owner ${name} template template0 encoding 'UTF8'`);
  } finally {
    await server.close();
  }
  url.username = name;
  url.password = "guide";
  url.pathname = `/${name}`;
  return url.href;
}
