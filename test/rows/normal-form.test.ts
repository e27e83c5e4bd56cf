import { expect, it } from "vitest";
import { isSameNormalForm } from "../../src/rows/normal-form.ts";

it.each([
  ["macaddr", "08:00:2B:01:02:03", "08:00:2b:01:02:03", true],
  ["macaddr", "08:00:2B:01:02:03", "08:00:2b:01:02:04", false],
  ["interval", "P1Y2M3DT4H5M6.5S", "1 year 2 mons 3 days 04:05:06.5", true],
  ["interval", "90 minutes", "01:30:00", true],
  ["interval", "-1 day +02:00:00", "-1 days +02:00:00", true],
  ["interval", "30 days", "1 mon", false],
  ["interval", "1.5 days", "1 day 12:00:00", false],
  ["money", "$1.234", "$1.23", false],
  ["money", "1000", "$1,000.00", true],
  ["money", "(5)", "-$5.00", true],
  ["text[]", "{a, b}", "{a,b}", true],
  ["text[]", "{null}", '{"null"}', false],
  ["integer[]", "{01,2}", "{1,2}", true],
  ["integer[]", "{1,2}", "{1,2,3}", false],
  ["tsvector", "b a b", "'a' 'b'", true],
  ["tsvector", "a:1", "'a':1", false],
  ["cidr", "10.0.0.1/32", "10.0.0.1/32", true],
  ["bit(3)", "101", "101", true],
  ["color", "red", "Red", false],
])("of %s, %s and %s", (type, sent, got, isSame) => {
  expect(isSameNormalForm(type, sent, got)).toBe(isSame);
});
