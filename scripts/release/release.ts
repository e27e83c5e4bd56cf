// What the release workflow does to files: npm run release -- version | ready | addresses URL | notes.
import { readFileSync, writeFileSync } from "node:fs";
import { cutChangelog, hasVersion, notesOf } from "./cut-changelog.ts";
import { type Manifest, withAddresses } from "./with-addresses.ts";

const read = (file: string) => readFileSync(file, "utf8");
const manifestIn = (file: string) => JSON.parse(read(file)) as Manifest;

const [verb, address] = process.argv.slice(2);
const version = String(manifestIn("package.json")["version"]);
switch (verb) {
  // After changesets have raised the version of package.json.
  case "version":
    writeFileSync("CHANGELOG.md", cutChangelog(read("CHANGELOG.md"), version, new Date().toISOString().slice(0, 10)));
    // By text: the file's layout is the formatter's.
    writeFileSync("deno.json", read("deno.json").replace(/"version": "[^"]*"/, `"version": "${version}"`));
    break;
  // Whether this version may be published: the changelog has it.
  case "ready":
    process.stdout.write(`${hasVersion(read("CHANGELOG.md"), version)}\n`);
    break;
  case "addresses":
    writeFileSync(
      "package.json",
      `${JSON.stringify(withAddresses(manifestIn("package.json"), address ?? ""), null, 2)}\n`,
    );
    break;
  case "notes":
    process.stdout.write(`${notesOf(read("CHANGELOG.md"), version)}\n`);
    break;
  default:
    throw new Error("npm run release -- version | ready | addresses URL | notes");
}
