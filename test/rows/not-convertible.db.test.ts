import { createClient } from "@libsql/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conversionOfType } from "../../src/plan/types/conversion-of-type.ts";
import { notConvertible } from "../../src/rows/not-convertible.ts";
import { codecOf } from "../../src/rows/types/codecs.ts";
import type { TargetSession } from "../../src/target/target.ts";
import { AWKWARD_TYPES, AWKWARD_VALUES } from "../support/awkward-values.ts";
import { emptyTarget } from "../support/target.ts";

describe("notConvertible: what validate says would not pass", () => {
  let session: TargetSession;
  const sqlite = createClient({ url: ":memory:", intMode: "bigint" });
  beforeAll(async () => {
    ({ session } = await emptyTarget());
  });
  afterAll(() => sqlite.close());

  /** Whether PostgreSQL takes what the copy would send. */
  async function isTaken(copyText: string, type: string): Promise<boolean> {
    const text = copyText.replace(/\\(.)/g, "$1").replaceAll("'", "''");
    try {
      await session.rows(`select '${text}'::${type}`);
      return true;
    } catch {
      return false;
    }
  }

  it.each(AWKWARD_TYPES)("is what the conversion or PostgreSQL refuses, for %s", async (type) => {
    const conversion = conversionOfType(type, undefined);
    const wrong: string[] = [];
    for (const value of AWKWARD_VALUES) {
      const { rows } = await sqlite.execute(
        `SELECT ${notConvertible("v", type, conversion)}, ${codecOf(conversion).encoder.rejected("v")}, ` +
          `${codecOf(conversion).encoder.copyText("v")} FROM (SELECT ${value} AS v)`,
      );
      const [said, refused, encoded] = Array.from({ length: 3 }, (_, index) => rows[0]?.[index]);
      // varchar(n) cuts in a cast and refuses in a COPY: what is too long the conversion refuses itself.
      const passes = Number(refused) === 0 && encoded !== null && (await isTaken(String(encoded), type));
      if (passes !== (Number(said) === 0)) wrong.push(`${value}: ${passes ? "passes" : "is refused"}`);
    }
    expect(wrong).toEqual([]);
  });
});
