import type { EpochUnit } from "../../model/mapping.ts";
import type { ColumnProfile } from "../../model/profile.ts";
import { sqliteName } from "../../quote.ts";
import type { ColumnAnswer } from "./column-note.ts";

/** A way in which some system counts time. */
export interface KnownEpoch {
  readonly words: string;
  /** Seconds from 1970 to its epoch. */
  readonly origin: number;
  /** Units in a second, or seconds in a unit. */
  readonly perSecond?: bigint;
  readonly secondsEach?: number;
  readonly type: "timestamptz" | "timestamp";
  /** Set where a column of timestamptz reads such integers without an expression. */
  readonly unit?: EpochUnit;
  /** Only where the column's name holds it: its numbers look like those of a more common way. */
  readonly named?: RegExp;
}

const UNIX = "since 1970";
// From Apple's, Microsoft's, Chromium's and the RFCs' documentation; the first that fits is the most common one.
export const KNOWN_EPOCHS: readonly KnownEpoch[] = [
  { words: `seconds ${UNIX}`, origin: 0, perSecond: 1n, type: "timestamptz", unit: "seconds" },
  { words: `milliseconds ${UNIX}`, origin: 0, perSecond: 1_000n, type: "timestamptz", unit: "milliseconds" },
  { words: `microseconds ${UNIX}`, origin: 0, perSecond: 1_000_000n, type: "timestamptz", unit: "microseconds" },
  { words: `nanoseconds ${UNIX}`, origin: 0, perSecond: 1_000_000_000n, type: "timestamptz" },
  { words: "seconds since 2001 (Core Data)", origin: 978_307_200, perSecond: 1n, type: "timestamptz" },
  { words: "nanoseconds since 2001 (Core Data)", origin: 978_307_200, perSecond: 1_000_000_000n, type: "timestamptz" },
  {
    words: "microseconds since 1601 (WebKit, Chrome)",
    origin: -11_644_473_600,
    perSecond: 1_000_000n,
    type: "timestamptz",
  },
  { words: "seconds since 1601 (WebKit)", origin: -11_644_473_600, perSecond: 1n, type: "timestamptz" },
  {
    words: "tenths of a microsecond since 1601 (Windows FILETIME)",
    origin: -11_644_473_600,
    perSecond: 10_000_000n,
    type: "timestamptz",
  },
  {
    words: "ticks of .NET, tenths of a microsecond since the year 1",
    origin: -62_135_596_800,
    perSecond: 10_000_000n,
    type: "timestamp",
  },
  { words: "milliseconds since the year 0 (Erlang)", origin: -62_167_219_200, perSecond: 1_000n, type: "timestamptz" },
  { words: "seconds since the year 0 (Erlang)", origin: -62_167_219_200, perSecond: 1n, type: "timestamptz" },
  { words: "seconds since 1904 (HFS)", origin: -2_082_844_800, perSecond: 1n, type: "timestamp" },
  { words: "seconds since 1900 (NTP)", origin: -2_208_988_800, perSecond: 1n, type: "timestamptz" },
  {
    words: "seconds since 1980 (GPS, ahead of UTC by its leap seconds)",
    origin: 315_964_800,
    perSecond: 1n,
    type: "timestamp",
  },
  {
    words: "milliseconds since 1980 (GPS, ahead of UTC by its leap seconds)",
    origin: 315_964_800,
    perSecond: 1_000n,
    type: "timestamp",
    named: /gps/i,
  },
  { words: "Julian days", origin: -210_866_760_000, secondsEach: 86_400, type: "timestamp" },
  { words: "modified Julian days", origin: -3_506_716_800, secondsEach: 86_400, type: "timestamp" },
  { words: "days since 1899-12-30 (OLE, Excel)", origin: -2_209_161_600, secondsEach: 86_400, type: "timestamp" },
  { words: `days ${UNIX}`, origin: 0, secondsEach: 86_400, type: "timestamp" },
];

/** What the numbers of a column would say by one way of counting. */
export interface EpochReading {
  readonly epoch: KnownEpoch;
  /** Years of the least and the greatest value. */
  readonly years: readonly [number, number];
}

/**
 * The years in which most dates of applications lie: SQLite is of 2000; contracts and the like end some decades from
 * now.
 */
const LIKELY: readonly [number, number] = [2000, 2049];
/** Beyond them nobody's dates lie, but for words like "never". */
const POSSIBLE: readonly [number, number] = [1970, 2100];

/**
 * The ways of counting by which the numbers of a column would be dates, the likeliest first. `others`: years of the
 * database's other dates.
 */
export function epochReadings(
  profile: ColumnProfile,
  name: string,
  others?: readonly [number, number],
): EpochReading[] {
  const range = numbersOf(profile);
  if (range === null) return [];
  const readings = KNOWN_EPOCHS.flatMap((epoch) => {
    if (epoch.named !== undefined && !epoch.named.test(name)) return [];
    const years = [yearOf(range[0], epoch), yearOf(range[1], epoch)] as const;
    const isPossible = years[0] >= POSSIBLE[0] && years[1] <= POSSIBLE[1] && years[1] >= LIKELY[0];
    // Small numbers lie near every beginning.
    const isAtOrigin = years[1] <= new Date(epoch.origin * 1000).getUTCFullYear() + 1;
    return isPossible && !isAtOrigin ? [{ epoch, years }] : [];
  });
  const distance = ({ epoch, years }: EpochReading) => {
    if (/GPS/.test(epoch.words) && /gps/i.test(name)) return -2;
    if (others === undefined && epoch.unit !== undefined && isWithin(years, LIKELY)) return -1;
    return (
      apart(years, others ?? RECENT) + (isWithin(years, LIKELY) ? 0 : 100) - (epoch.unit === undefined ? 0 : COMMON)
    );
  };
  return readings.sort((one, other) => distance(one) - distance(other));
}

/** Years by which a count from 1970 is preferred to one that would lie nearer. */
const COMMON = 5;

/** Where the last dates of a database in use lie. */
const RECENT: readonly [number, number] = [2024, 2027];

/** Years between two spans. */
function apart([first, last]: readonly [number, number], [from, to]: readonly [number, number]): number {
  return Math.max(0, from - last, first - to);
}

/**
 * The reading that one may count on: of likely years, and not far from the database's other dates. Where no other way of
 * counting gives dates at all, those may be of any years: birthdays lie far from the day of an order.
 */
export function sureReading(
  readings: readonly EpochReading[],
  others: readonly [number, number] | undefined,
): EpochReading | undefined {
  return readings.find(({ years, epoch }) => {
    if (epoch.unit === undefined || !isWithin(years, LIKELY)) return false;
    return readings.length === 1 || others === undefined || apart(years, others) <= NEAR;
  });
}

/** Years between the dates of one database. */
const NEAR = 5;

function isWithin(years: readonly [number, number], [first, last]: readonly [number, number]): boolean {
  return years[0] >= first && years[1] <= last;
}

function numbersOf({ minInteger, maxInteger, minReal, maxReal }: ColumnProfile): [number, number] | null {
  const ends = [minInteger, maxInteger, minReal, maxReal].filter((end) => end !== null).map(Number);
  return ends.length === 0 ? null : [Math.min(...ends), Math.max(...ends)];
}

function yearOf(value: number, { origin, perSecond, secondsEach }: KnownEpoch): number {
  const seconds = perSecond === undefined ? value * (secondsEach ?? 1) : value / Number(perSecond);
  const date = new Date((seconds + origin) * 1000);
  return Number.isNaN(date.getTime()) ? Number.NaN : date.getUTCFullYear();
}

/**
 * The rule that reads a column so. Numbers outside of the years 1 to 9999 become texts, lest they be taken for
 * something else.
 */
export function epochAnswer({ epoch, years }: EpochReading, column: string, integersOnly: boolean): ColumnAnswer {
  const c = sqliteName(column);
  const span = years[0] === years[1] ? `in ${years[0]}` : `between ${years[0]} and ${years[1]}`;
  const description = `${epoch.type}; read as ${epoch.words}, they lie ${span}`;
  if (epoch.unit !== undefined && integersOnly) return { description, rule: { type: epoch.type } };
  return { description, rule: { type: epoch.type, expression: renderEpoch(c, epoch, integersOnly) } };
}

const FIRST = -62_135_596_800n;
const LAST = 253_402_300_799n;

function renderEpoch(c: string, epoch: KnownEpoch, integersOnly: boolean): string {
  const { origin, perSecond, secondsEach } = epoch;
  const rest = `WHEN typeof(${c}) IN ('integer', 'real') THEN CAST(${c} AS TEXT) ELSE ${c} END`;
  const shift = origin === 0 ? "" : ` ${origin < 0 ? "-" : "+"} ${Math.abs(origin)}`;
  if (perSecond === undefined || !integersOnly) {
    const factor = perSecond === undefined ? ` * ${secondsEach ?? 1}.0` : perSecond === 1n ? "" : ` / ${perSecond}.0`;
    const per = perSecond === undefined ? 1 / (secondsEach ?? 1) : Number(perSecond);
    const least = Math.ceil((Number(FIRST) - origin) * per);
    const most = Math.floor((Number(LAST) - origin) * per);
    return (
      `CASE WHEN typeof(${c}) IN ('integer', 'real') AND ${c} BETWEEN ${least} AND ${most} ` +
      `THEN strftime('%Y-%m-%d %H:%M:%f', ${c}${factor}${shift}, 'unixepoch') ${rest}`
    );
  }
  const within = [
    clamp((FIRST - BigInt(origin)) * perSecond),
    clamp((LAST - BigInt(origin)) * perSecond + perSecond - 1n),
  ];
  const part = `((${c} % ${perSecond}) + ${perSecond}) % ${perSecond}`;
  const whole = perSecond === 1n ? c : `(${c} - (${part})) / ${perSecond}`;
  const decimals =
    perSecond === 1n
      ? ""
      : perSecond === 1_000n
        ? ` || printf('.%03d', ${part})`
        : ` || printf('.%06d', (${part})${perSecond === 1_000_000n ? "" : ` / ${perSecond / 1_000_000n}`})`;
  return (
    `CASE WHEN typeof(${c}) = 'integer' AND ${c} BETWEEN ${within[0]} AND ${within[1]} ` +
    `THEN strftime('%Y-%m-%d %H:%M:%S', ${whole}${shift}, 'unixepoch')${decimals} ${rest}`
  );
}

function clamp(value: bigint): bigint {
  const [least, most] = [-(2n ** 62n), 2n ** 63n - 1n];
  return value < least ? least : value > most ? most : value;
}
