import type { WorkSample } from "./event-record.ts";

export interface WorkRates {
  readonly unit: string;
  readonly points: { readonly time: number; readonly value: number }[];
}

/** Units a second between one sample and the next, by phase. */
export function ratesOf(samples: readonly WorkSample[]): Map<string, WorkRates> {
  const rates = new Map<string, WorkRates>();
  const last = new Map<string, WorkSample>();
  for (const sample of samples) {
    const before = last.get(sample.phase);
    last.set(sample.phase, sample);
    // A count that fell belongs to another piece of work.
    if (before === undefined || sample.time <= before.time || sample.done < before.done) continue;
    const value = ((sample.done - before.done) * 1_000) / (sample.time - before.time);
    const rate = rates.get(sample.phase) ?? { unit: sample.unit, points: [] };
    rate.points.push({ time: sample.time, value });
    rates.set(sample.phase, rate);
  }
  return rates;
}
