import { expect, it } from "vitest";
import { openSource } from "../../src/source/source.ts";
import { CanonicalPages } from "../../src/verify/canonical-pages.ts";
import { lookUpOf } from "../../src/verify/look-up.ts";
import { ONLY_KEY } from "../support/only-key.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

// Several sessions compare pages: one may find this while another is about to read its next page.
it("a page without a canonical column is compared by its values", async () => {
  const { path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)");
  const source = openSource({ url: path });
  const { session, target } = await emptyTarget(
    "create table t(id bigint primary key); insert into t values (1), (2), (3)",
  );
  const pages = new CanonicalPages(ONLY_KEY, { captured: false, order: ONLY_KEY.columns });
  pages.learn([{ key: [], pending: false, values: [{ type: "text", bytes: Buffer.from("01") }] }], [["1"]]);
  expect(pages.split.canonical).toEqual([]);
  const isEqual = async () => {
    const page =
      (await source.read((tx) => pages.read(tx, { after: null, upTo: null }, { maxRows: 100, watermark: 0n }))) ??
      expect.fail("no page");
    expect(page.rows).toBe(3);
    return session.transaction((tx) => pages.isEqual(tx, lookUpOf(session), page));
  };
  expect(await isEqual()).toBe(true);
  await session.run("update t set id = 4 where id = 3");
  expect(await isEqual()).toBe(false);
  source.close();
  await target.close();
});
