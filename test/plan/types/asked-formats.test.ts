import { expect, it, onTestFinished } from "vitest";
import { profileTable } from "../../../src/inspect/profile-table.ts";
import { readSchema } from "../../../src/inspect/read-schema.ts";
import type { CatalogueColumn, TargetCatalogue } from "../../../src/model/catalogue.ts";
import type { Rules } from "../../../src/model/rules.ts";
import { askedFormats } from "../../../src/plan/types/asked-formats.ts";
import { TEXT_FORMATS } from "../../../src/rows/text-formats.ts";
import { openSource } from "../../../src/source/source.ts";
import { sqliteFile } from "../../support/source.ts";

const TABLE =
  "CREATE TABLE visit(id INTEGER PRIMARY KEY, token TEXT, metaData TEXT, at DATETIME, page UUID, address TEXT)";
const ROW =
  "('5df41881-3aed-4f5a-9f3a-2f1a5c1e8f43', '{\"a\":1}', '2024-03-10 12:00:00', " +
  "'5df41881-3aed-4f5a-9f3a-2f1a5c1e8f43', '10.0.0.1')";

function target(columns: Readonly<Record<string, string>>): TargetCatalogue {
  const of = ([name, type]: [string, string]): CatalogueColumn => ({
    name,
    type,
    baseType: type,
    modifier: -1,
    notNull: false,
    hasDefault: false,
    generated: false,
    identity: false,
  });
  return {
    schema: "public",
    tables: [{ schema: "public", name: "visits", columns: Object.entries(columns).map(of), keys: [] }],
  };
}

/** Which forms are asked for, and what the look then finds of each column's only text. */
async function looked(options: {
  readonly types?: "plain" | "enhanced";
  readonly rules?: Rules;
  readonly target?: TargetCatalogue;
}) {
  const { path } = await sqliteFile(`${TABLE}; INSERT INTO visit(token, metaData, at, page, address) VALUES ${ROW}`);
  const source = openSource({ url: path });
  onTestFinished(() => source.close());
  const { tables } = await source.read(readSchema);
  const [table] = tables;
  if (table === undefined) throw new Error("no table");
  const formats = askedFormats(tables, { types: "plain", rules: {}, target: null, ...options }).get("visit") ?? {};
  const profile = await profileTable(source, table, { formats });
  const found = Object.fromEntries(
    profile.columns.map(({ column, inets, isoTimestamps, json, uuids }) => [
      column,
      { inets, isoTimestamps, json, uuids },
    ]),
  );
  return { formats, found };
}

const NONE = { inets: 0, isoTimestamps: 0, json: 0, uuids: 0 };

it("asks for no form where types stay plain, but for what a declared type promises", async () => {
  const { formats, found } = await looked({});
  expect(formats).toEqual({ id: [], token: [], metaData: [], at: [], page: [], address: [] });
  expect(found).toMatchObject({
    token: NONE,
    metaData: NONE,
    address: NONE,
    at: { ...NONE, isoTimestamps: 1 },
    page: { ...NONE, uuids: 1 },
  });
});

it("asks for all of them where they decide upon types", async () => {
  const { formats, found } = await looked({ types: "enhanced" });
  expect(formats["token"]).toEqual(TEXT_FORMATS);
  expect(found).toMatchObject({ token: { uuids: 1 }, metaData: { json: 1 }, address: { inets: 1 } });
});

it("asks for that of a type that the target or a rule gives, by whatever name the column has there", async () => {
  const { formats } = await looked({
    target: target({ token: "uuid", meta_data: "jsonb", at: "text", page: "text" }),
    rules: { tables: { Visit: { columns: { Address: { type: "inet" } } } } },
  });
  expect(formats).toEqual({ id: [], token: ["uuids"], metaData: ["json"], at: [], page: [], address: ["inets"] });
});
