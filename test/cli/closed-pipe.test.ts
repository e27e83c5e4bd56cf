import { once } from "node:events";
import { expect, it } from "vitest";
import { startCli } from "../support/cli.ts";
import { temporaryDirectory } from "../support/source.ts";

it("says nothing of a reader that has gone, and ends as it would have", async () => {
  const { child } = startCli(["full", "--help"], { cwd: temporaryDirectory() });
  child.stdout?.destroy();
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  const [code] = (await once(child, "close")) as [number | null];
  expect({ code, said }).toEqual({ code: 0, said: "" });
});
