// Runs commands one after the other in this process, as the command line does: see cli-in-turn.ts.
// @ts-check
import { readFileSync, writeSync } from "node:fs";

// Untyped: it is what the build made.
const { main } = await import(new URL("../../dist/bundle/main.js", import.meta.url).href);
const exit = process.exit.bind(process);
// A command ends its process soon after its work; here the next one follows.
process.exit = /** @type {typeof process.exit} */ (() => undefined);

const results = [];
for (const args of JSON.parse(readFileSync(0, "utf8"))) {
  const said = { stdout: "", stderr: "" };
  for (const name of /** @type {const} */ (["stdout", "stderr"]))
    process[name].write = /** @type {typeof process.stdout.write} */ (
      (text) => {
        said[name] += text;
        return true;
      }
    );
  process.exitCode = 0;
  await main(args);
  results.push({ code: process.exitCode, ...said });
}
writeSync(1, JSON.stringify(results));
exit(0);
