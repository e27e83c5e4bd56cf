import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { cutChangelog, notesOf } from "../../scripts/release/cut-changelog.ts";
import { withAddresses } from "../../scripts/release/with-addresses.ts";
import { temporaryDirectory } from "../support/source.ts";

const CHANGELOG =
  "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- A thing.\n\n## [0.1.0] - 2026-01-02\n\nThe first.\n";

describe("the addresses of a package", () => {
  it("are those of the repository that publishes it", () => {
    expect(withAddresses({ name: "changeover" }, "https://host.example/them/changeover")).toEqual({
      name: "changeover",
      repository: { type: "git", url: "git+https://host.example/them/changeover.git" },
      homepage: "https://host.example/them/changeover#readme",
      bugs: { url: "https://host.example/them/changeover/issues" },
    });
    const dotted = withAddresses({}, "https://host.example/them/changeover.git/");
    expect(dotted["homepage"]).toBe("https://host.example/them/changeover#readme");
  });

  it("are refused where they are none", () => {
    for (const wrong of ["", "git@host.example:them/changeover", "http://host.example/a/b", "https://host.example/a"])
      expect(() => withAddresses({}, wrong)).toThrow();
  });

  it("are not in the checkout, where they could only be invented", () => {
    const manifest = JSON.parse(readFileSync("package.json", "utf8"));
    expect(manifest).not.toHaveProperty("repository");
    expect(manifest.author).toBe("the changeover authors");
    expect(readFileSync(".github/workflows/release.yml", "utf8")).toContain("npm run release -- addresses");
  });
});

describe("the changelog of a release", () => {
  it("has what was unreleased under the version, and its section as notes", () => {
    const cut = cutChangelog(CHANGELOG, "0.2.0", "2026-03-04");
    expect(cut).toContain("## [Unreleased]\n\n## [0.2.0] - 2026-03-04\n\n### Fixed\n\n- A thing.\n\n## [0.1.0]");
    expect(notesOf(cut, "0.2.0")).toBe("### Fixed\n\n- A thing.");
    expect(notesOf(cut, "0.1.0")).toBe("The first.");
  });

  it("is refused twice, and where nothing has changed", () => {
    expect(() => cutChangelog(CHANGELOG, "0.1.0", "2026-03-04")).toThrow("has 0.1.0 already");
    const cut = cutChangelog(CHANGELOG, "0.2.0", "2026-03-04");
    expect(() => cutChangelog(cut, "0.3.0", "2026-03-04")).toThrow("nothing is under Unreleased");
    expect(() => notesOf(cut, "0.3.0")).toThrow("no section 0.3.0");
  });
});

it("a release takes one version for npm, JSR and the changelog", () => {
  const cwd = temporaryDirectory();
  for (const file of ["package.json", "deno.json", "CHANGELOG.md"]) copyFileSync(file, join(cwd, file));
  const jiti = import.meta.resolve("jiti/register");
  const release = (...args: string[]) =>
    execFileSync(process.execPath, ["--import", jiti, resolve("scripts/release/release.ts"), ...args], {
      cwd,
      encoding: "utf8",
    }).trim();
  expect(release("ready")).toBe("false");
  const raised = readFileSync("package.json", "utf8").replace(/"version": "[^"]*"/, '"version": "7.8.9"');
  writeFileSync(join(cwd, "package.json"), raised);
  release("version");
  expect(release("ready")).toBe("true");
  expect(release("notes")).toContain("### Added");
  release("addresses", "https://host.example/them/changeover");
  const read = (file: string) => JSON.parse(readFileSync(join(cwd, file), "utf8"));
  expect(read("package.json").bugs.url).toBe("https://host.example/them/changeover/issues");
  expect(readFileSync(join(cwd, "deno.json"), "utf8")).toBe(
    readFileSync("deno.json", "utf8").replace(/"version": "[^"]*"/, '"version": "7.8.9"'),
  );
});
