import { expect, it } from "vitest";
import { codecOf } from "../../src/rows/types/codecs.ts";

it("a JSON text of twenty million characters goes back without the blanks outside of its strings", () => {
  const text = 'a \\" b '.repeat(2_500_000);
  const written = codecOf({ kind: "json", binary: true }).inverse.write(`{"v": "${text}", "n": [1, 2]}`, "compact");
  expect(written?.value.type).toBe("text");
  if (written?.value.type !== "text") return;
  expect(new TextDecoder().decode(written.value.bytes) === `{"v":"${text}","n":[1,2]}`).toBe(true);
});
