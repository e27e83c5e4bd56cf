import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readCases } from "./parse-case.ts";
import { renderTorturePage, TORTURE_PAGE } from "./render-page.ts";

describe("docs/torture.md", () => {
  it("is made from the cases as they are: `node scripts/torture-page.mjs` writes it", () => {
    expect(readFileSync(TORTURE_PAGE, "utf8") === renderTorturePage()).toBe(true);
  });

  it("has a sentence for every case, and no two with the same", () => {
    const titles = readCases().map(({ title }) => title);
    expect(titles.filter((title) => title.length < 15)).toEqual([]);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });
});
