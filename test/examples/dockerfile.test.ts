import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { validate } from "dockerfile-utils";
import { expect, it } from "vitest";
import { z } from "zod";
import { temporaryDirectory } from "../support/source.ts";

const DOCKERFILE = readFileSync("examples/deploy/Dockerfile", "utf8");
const COPY = /^COPY --from=build (.+) (\S+)$/gm;

it("the linter finds no fault in the Dockerfile, and finds one that is made", () => {
  expect(validate(DOCKERFILE)).toEqual([]);
  expect(validate(DOCKERFILE.replace("EXPOSE 8080", "EXPOSE web"))).toHaveLength(1);
});

it("the image has each folder that the package has", () => {
  const { files } = z.object({ files: z.array(z.string()) }).parse(JSON.parse(readFileSync("package.json", "utf8")));
  const folders = files.filter((name) => /^[a-z]+$/.test(name));
  expect(folders).toContain("dist");
  for (const folder of folders) expect(DOCKERFILE).toContain(`COPY --from=build /build/${folder} ./${folder}\n`);
});

// No engine runs in the tests: the second stage's files are put together by hand.
it("what the image copies is a command that runs", () => {
  const folder = temporaryDirectory();
  for (const [, from = "", to = ""] of DOCKERFILE.matchAll(COPY))
    for (const path of from.split(" ").map((name) => name.replace("/build/", "")))
      if (path !== "node_modules") cpSync(path, join(folder, to === "./" ? path : to), { recursive: true });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [join(folder, "bin/changeover.js"), ...args], { encoding: "utf8" });
  expect(run("--help")).toContain("changeover full");
  expect(run("apps")).toContain("redmine");
});
