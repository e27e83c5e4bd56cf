import { expect, it } from "vitest";
import { emptyDatabase } from "../support/target.ts";
import { differenceOf } from "./compare-output.ts";
import { runPage } from "./run-page.ts";

it("docs/tutorial.md: each command prints what the page says", { timeout: 240_000 }, async () => {
  const ran = await runPage("docs/tutorial.md", {
    CHANGEOVER_SOURCE: "game.db",
    CHANGEOVER_TARGET: await emptyDatabase(),
  });
  expect(ran.length).toBeGreaterThan(15);
  expect(ran.flatMap((command) => differenceOf(command) ?? [])).toEqual([]);
});
