import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** They ask for no more than that their text is passed on. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  "MIT",
  "MIT-0",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "0BSD",
  "PostgreSQL",
  "BlueOak-1.0.0",
  "Unlicense",
  "CC0-1.0",
]);

interface Manifest {
  readonly name?: string;
  readonly license?: unknown;
  readonly licenses?: readonly { readonly type?: string }[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

it("depends on what is under a permissive licence only, and so does all that it depends on", () => {
  const found = installed();
  expect(found.get("pg")?.licence).toBe("MIT");
  expect(found.size).toBeGreaterThan(20);
  const wrong = [...found].filter(([, { licence }]) => !isPermissive(licence));
  expect(wrong.map(([name, { licence, path }]) => `${name} is under ${licence} (${path.join(" → ")})`)).toEqual([]);
});

it("depends on nothing else on other platforms either", () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, { readonly dev?: boolean; readonly license?: unknown }>;
  };
  const wrong = Object.entries(packages).filter(
    ([path, { dev, license }]) => path !== "" && dev !== true && !isPermissive(String(license ?? "no licence")),
  );
  expect(wrong.map(([path, { license }]) => `${path} is under ${String(license ?? "no licence")}`)).toEqual([]);
});

it("tells a licence that asks for more", () => {
  const answers = [
    "MIT",
    "(MIT OR GPL-3.0)",
    "MIT AND BSD-3-Clause",
    "GPL-2.0-or-later",
    "MIT AND LGPL-3.0",
    "UNLICENSED",
  ];
  expect(answers.map(isPermissive)).toEqual([true, true, true, false, false, false]);
});

/** An SPDX expression: one of its alternatives has to be permissive in all of its parts. */
function isPermissive(licence: string): boolean {
  return licence
    .replace(/[()]/g, "")
    .split(/\s+OR\s+/i)
    .some((choice) => choice.split(/\s+AND\s+/i).every((part) => PERMISSIVE.has(part.trim())));
}

/** All run-time dependencies as they are installed, with the way that leads to each. */
function installed(): ReadonlyMap<string, { readonly licence: string; readonly path: readonly string[] }> {
  const found = new Map<string, { readonly licence: string; readonly path: readonly string[] }>();
  const seen = new Set<string>();
  const visit = (folder: string, path: readonly string[]): void => {
    const manifest = read(folder);
    const optional = manifest.optionalDependencies ?? {};
    for (const name of Object.keys({ ...manifest.dependencies, ...optional })) {
      const place = placeOf(name, folder);
      if (place === null) {
        // Of optional ones, only those for this platform are installed.
        if (name in optional) continue;
        throw new Error(`${[...path, name].join(" → ")} is not installed: run \`npm ci\``);
      }
      if (seen.has(place)) continue;
      seen.add(place);
      found.set(found.has(name) ? place : name, { licence: licenceOf(read(place)), path: [...path, name] });
      visit(place, [...path, name]);
    }
  };
  visit(ROOT, []);
  return found;
}

function placeOf(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, "node_modules", name);
    if (existsSync(join(place, "package.json"))) return place;
    if (folder === dirname(folder)) return null;
  }
}

function read(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

function licenceOf({ license, licenses }: Manifest): string {
  if (typeof license === "string") return license;
  return licenses?.map(({ type }) => type ?? "").join(" OR ") ?? "no licence";
}
