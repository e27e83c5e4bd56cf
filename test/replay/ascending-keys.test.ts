import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Conversion } from "../../src/model/mapping.ts";
import { ascendingKeys } from "../../src/replay/ascending-keys.ts";
import type { BinaryEncoder } from "../../src/rows/codec.ts";
import { copyBinaryOfJson } from "../../src/rows/encode/copy-binary-of-json.ts";
import { codecOf } from "../../src/rows/types/codecs.ts";

const LEADING = { fields: 2, bytes: Uint8Array.from([0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 1, 0]) };

function binaryEncoder(conversion: Conversion): BinaryEncoder {
  return codecOf(conversion).encoder.binary ?? expect.fail("has no binary format");
}

/** Rows of a text, a key and a text. */
function spanOf(
  rows: readonly (readonly [string | null, number | bigint | null, string | null])[],
  bytes: 2 | 4 | 8 = 8,
) {
  const json =
    "[" +
    rows.map(([before, key, after]) => `[${JSON.stringify(before)},${key},${JSON.stringify(after)}]`).join(",") +
    "]";
  const text = binaryEncoder({ kind: "text", maxLength: null, padded: false });
  const key = binaryEncoder({ kind: "integer", type: bytes === 2 ? "smallint" : bytes === 4 ? "integer" : "bigint" });
  const binary = copyBinaryOfJson(Buffer.from(json), [text, key, text], rows.length, { leading: LEADING });
  return ascendingKeys(binary ?? expect.fail("not encoded"), { leading: LEADING, field: 1 });
}

describe("keys of rows", () => {
  it("ascend from the first to the last, whatever else is in the rows", () => {
    expect(
      spanOf([
        ["a", -5, null],
        ["", 3, "bc"],
        [null, 4, ""],
      ]),
    ).toEqual({ first: -5, last: 4 });
    expect(spanOf([["a", 7, null]])).toEqual({ first: 7, last: 7 });
  });

  it.each([2, 4, 8] as const)("are integers of %i bytes", (bytes) => {
    expect(
      spanOf(
        [
          ["a", -300, "z"],
          ["a", -1, "z"],
          ["a", 0, "z"],
          ["a", 300, "z"],
        ],
        bytes,
      ),
    ).toEqual({ first: -300, last: 300 });
    expect(
      spanOf(
        [
          ["a", 1, "z"],
          ["a", -1, "z"],
        ],
        bytes,
      ),
    ).toBeNull();
  });

  it("do not ascend where one comes twice, or is NULL, or there is none", () => {
    expect(
      spanOf([
        ["a", 1, "z"],
        ["a", 1, "z"],
      ]),
    ).toBeNull();
    expect(
      spanOf([
        ["a", 1, "z"],
        ["a", null, "z"],
      ]),
    ).toBeNull();
    expect(spanOf([])).toBeNull();
  });

  it("never seem to ascend where they do not", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        (keys, sorted) => {
          const ordered = sorted ? keys.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)) : keys;
          const span = spanOf(ordered.map((key) => ["", key, null] as const));
          const ascends = ordered.every((key, index) => index === 0 || key > (ordered[index - 1] ?? key));
          if (span !== null) expect(ascends).toBe(true);
          else if (ascends) expect(ordered.some((key) => key > 2n ** 53n || key < -(2n ** 53n))).toBe(true);
        },
      ),
    );
  });
});
