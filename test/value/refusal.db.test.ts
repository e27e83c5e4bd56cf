import { createClient } from "@libsql/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TargetSession } from "../../src/db/target.ts";
import { conversionOfType } from "../../src/plan/conversion-of-type.ts";
import { kindOf } from "../../src/value/kinds.ts";
import { refusal } from "../../src/value/refusal.ts";
import { emptyTarget } from "../support/target.ts";

const TEXTS = ["", " ", "x", "abcdef", "12", "1.5", "1e3", "true", "t", "0", "null", '{"a":1}', "{'a':1}", "[1,]", '"\\u0000"', '"\\\\u0000"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\ude00"', '{"\\ud83d\\ude00":"\\udE00"}'].concat(
  ["0b3c4d5e-1111-4222-8333-444444444444", "0B3C4D5E111142228333444444444444", "0b3c4d5e-1111-4222-8333-44444444444g", "0b3c4d5e-1111-4222-8333-4444444444", "0b3c4d5e11114222833-44444444444-"],
  ["10.0.0.1", "10.0.0.256", "10.0.0", "10.0.0.1/24", "10.0.0.1/33", "10.0.0.1/", "::", "::1", "fe80::1/64", "fe80::1/129", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1::2::3", "12345::", ":1", "1.2.3.4.5"],
  ["2024-02-29", "2024-02-30", "0000-00-00", "2024-02-29 10:00", "2024-02-29T10:00:00", "2024-02-29 10:00:00.123456", "2024-02-29 10:00:00.1234567", "2024-02-29 10:00:00Z", "2024-02-29 10:00:00+02:00", "2024-02-29 10:00:00+16:00", "1/10/1997", "10:00", "10:00:00.5", "24:00:00", "25:00"],
);
const NUMBERS = ["0", "1", "2", "-1", "32767", "32768", "2147483647", "-2147483649", "9007199254740993", "1.5", "3.0", "1.25", "99999.99", "100000.0", "-100000", "9e999"];
const BLOBS = ["x''", "x'61'", "x'0b3c4d5e111142228333444444444444'"];
const TYPES = ["smallint", "integer", "bigint", "double precision", "numeric(7,2)", "text", "varchar(5)", "char(5)", "bytea", "boolean", "date", "timestamp", "timestamptz", "time", "json", "jsonb", "uuid", "inet"];

describe("refusal: what validate says would not pass", () => {
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

  it.each(TYPES)("is what the conversion or PostgreSQL refuses, for %s", async (type) => {
    const conversion = conversionOfType(type, undefined);
    const wrong: string[] = [];
    for (const value of [...TEXTS.map((text) => `'${text.replaceAll("'", "''")}'`), ...NUMBERS, ...BLOBS]) {
      const { rows } = await sqlite.execute(`SELECT ${refusal("v", type, conversion)}, ${kindOf(conversion).refused("v")}, ${kindOf(conversion).encode("v")} FROM (SELECT ${value} AS v)`);
      const [said, refused, encoded] = Array.from({ length: 3 }, (_, index) => rows[0]?.[index]);
      // varchar(n) cuts in a cast and refuses in a COPY: what is too long the conversion refuses itself.
      const passes = Number(refused) === 0 && encoded !== null && (await isTaken(String(encoded), type));
      if (passes !== (Number(said) === 0)) wrong.push(`${value}: ${passes ? "passes" : "is refused"}`);
    }
    expect(wrong).toEqual([]);
  });
});
