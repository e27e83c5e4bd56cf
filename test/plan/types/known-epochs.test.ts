import { describe, expect, it } from "vitest";
import { NOTHING_SEEN } from "../../../src/model/profile.ts";
import { epochAnswer, epochReadings, KNOWN_EPOCHS, sureReading } from "../../../src/plan/types/known-epochs.ts";
import { sqliteFile } from "../../support/source.ts";

/** 2024-01-31 12:30:00.5 UTC, in whole units where they are finer than a second. */
const MOMENT = Date.UTC(2024, 0, 31, 12, 30, 0) / 1000;

describe("each way of counting that is known", () => {
  it.each(KNOWN_EPOCHS.map((epoch) => [epoch.words, epoch] as const))(
    "%s reads a number as that moment",
    async (_, epoch) => {
      const { application } = await sqliteFile("CREATE TABLE t(at)");
      const { origin, perSecond, secondsEach } = epoch;
      const integer =
        perSecond === undefined ? null : BigInt(MOMENT - origin) * perSecond + (perSecond > 1n ? perSecond / 2n : 0n);
      const value = integer ?? (MOMENT - origin) / (secondsEach ?? 1);
      await application.execute({ sql: "INSERT INTO t VALUES (?)", args: [value] });
      const seen =
        typeof value === "bigint"
          ? { integers: 1, minInteger: value, maxInteger: value }
          : { reals: 1, minReal: value, maxReal: value };
      const reading = epochReadings({ ...NOTHING_SEEN, column: "gps_at", ...seen }, "gps_at").find(
        (candidate) => candidate.epoch === epoch,
      );
      expect(reading?.years).toEqual([2024, 2024]);
      if (reading === undefined) return;
      const { rule } = epochAnswer(reading, "at", integer !== null);
      // What PostgreSQL's timestamptz reads by itself needs no expression.
      if (rule.expression === undefined) return expect(epoch.unit).toBeDefined();
      const { rows } = await application.execute(`SELECT ${rule.expression} FROM t`);
      const decimals = integer !== null && (perSecond ?? 1n) > 1n ? /12:30:00\.50*$/ : /12:30:00(\.000)?$/;
      expect(String(rows[0]?.[0])).toMatch(/^2024-01-31 /);
      expect(String(rows[0]?.[0])).toMatch(decimals);
    },
  );

  it("makes texts of numbers that lie outside of the calendar, so that none becomes NULL", async () => {
    const { application } = await sqliteFile(
      "CREATE TABLE t(at); INSERT INTO t VALUES (9223372036854775807), (1e300), ('x')",
    );
    for (const epoch of KNOWN_EPOCHS)
      for (const integersOnly of [true, false]) {
        const { rule } = epochAnswer({ epoch, years: [2024, 2024] }, "at", integersOnly);
        if (rule.expression === undefined) continue;
        const { rows } = await application.execute(`SELECT ${rule.expression} FROM t`);
        if (epoch.perSecond === 1_000_000_000n || epoch.perSecond === 10_000_000n) continue;
        expect(
          rows.map((row) => row[0]),
          epoch.words,
        ).toEqual(["9223372036854775807", "1.0e+300", "x"]);
      }
  });
});

describe("a reading that one may count on", () => {
  const readingOf = (value: bigint, others: readonly [number, number]) => {
    const seen = { ...NOTHING_SEEN, column: "at", integers: 1, minInteger: value, maxInteger: value };
    return sureReading(epochReadings(seen, "at", others), others)?.epoch.unit;
  };

  it("is one of likely years near the database's other dates", () => {
    expect(readingOf(BigInt(MOMENT), [2020, 2026])).toBe("seconds");
    expect(readingOf(BigInt(MOMENT), [1950, 1990])).toBeUndefined();
  });

  it("lies as far as it likes from birthdays where nothing else gives dates", () => {
    expect(readingOf(BigInt(MOMENT) * 1_000n, [1950, 1990])).toBe("milliseconds");
    expect(readingOf(BigInt(MOMENT) * 1_000_000n, [1950, 1990])).toBe("microseconds");
  });
});
