import { expect, it } from "vitest";
import { RateMeter } from "../../src/serve/rates.ts";
import { statusOf } from "./observed.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const copied = (rows: number) =>
  statusOf({ tables: [{ table: "t", rows: 1_000, copied: rows, done: false, compared: null, comparedAt: null }] });

it("counts a second by what came in the last ten", () => {
  const meter = new RateMeter();
  expect(meter.measure(copied(100), at(0)).rates.copied).toBe(0);
  expect(meter.measure(copied(300), at(2)).rates).toMatchObject({ copied: 100, tables: { t: 100 } });
  for (let second = 3; second <= 20; second++) meter.measure(copied(300), at(second));
  expect(meter.rates.copied).toBe(0);
});

it("takes a count that fell for a new beginning", () => {
  const meter = new RateMeter();
  meter.measure(copied(300), at(0));
  expect(meter.measure(copied(10), at(1)).rates.copied).toBe(0);
});

it("knows when the run last got on", () => {
  const meter = new RateMeter();
  meter.measure(copied(1), at(0));
  expect(meter.measure(copied(1), at(5)).progressAt).toBe(at(0));
  expect(meter.measure(copied(2), at(6)).progressAt).toBe(at(6));
  expect(meter.measure({ ...copied(2), phase: "copying" }, at(7)).progressAt).toBe(at(7));
});
