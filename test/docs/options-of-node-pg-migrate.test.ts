import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { COMMANDS, optionsOf } from "../../src/cli/commands.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const THEIRS = `${ROOT}node_modules/node-pg-migrate/bin/node-pg-migrate.js`;
const flagsIn = (text: string) => [...text.matchAll(/(?<![\w-])--?[a-zA-Z][\w-]*/g)].map(([flag]) => flag);
/** One that is no option here stands in the guide without its dashes. */
const named = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name.replace(/^(?!-)/, "--"));
const rows = readFileSync(`${ROOT}docs/guides/migrations.md`, "utf8")
  .split("| node-pg-migrate | here | |\n")[1]
  ?.split("\n\n")[0]
  ?.split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()));
const ours = new Set(COMMANDS.flatMap((spec) => optionsOf(spec).flatMap(({ flags }) => flagsIn(flags))));

/** The options that the installed version prints, but for those of every program. */
function theirOptions(): string[] {
  const help = execFileSync(process.execPath, [THEIRS, "--help"], { encoding: "utf8", env: { ...process.env } });
  return [...help.matchAll(/^ +(?:(-\w), )?(--[\w-]+)/gm)]
    .flatMap(([, short, long]) => [short ?? [], long ?? []].flat())
    .filter((flag) => !["-i", "--version", "--help"].includes(flag));
}

it("the table of the guide names each option of node-pg-migrate, and no other", () => {
  const theirs = theirOptions();
  expect(theirs.length).toBeGreaterThan(25);
  const rowed = (rows ?? []).flatMap(([, names]) => named(names ?? ""));
  expect(rowed.toSorted()).toEqual(theirs.toSorted());
});

it("what it calls the same is an option here, and so is what it names instead", () => {
  const promised = (rows ?? []).flatMap(([, names, here]) =>
    here === "the same" ? flagsIn(names ?? "") : flagsIn(here ?? ""),
  );
  expect(promised.length).toBeGreaterThan(20);
  expect(promised.filter((flag) => !ours.has(flag))).toEqual([]);
});
