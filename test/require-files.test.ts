import { expect, it } from "vitest";
import { requireFiles } from "../src/require-files.ts";

it("refuses to run from an https address, where its SQL files cannot be read", () => {
  expect(() => requireFiles("https://jsr.example/@changeover/changeover/0.1.0/src/require-files.ts")).toThrow(
    expect.objectContaining({
      code: "PACKAGE_NOT_ON_DISK",
      message: expect.stringContaining("loaded from https://jsr.example,"),
      hint: expect.stringContaining("npm install changeover"),
    }),
  );
  expect(() => requireFiles()).not.toThrow();
});
