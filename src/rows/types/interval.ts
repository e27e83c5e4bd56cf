import type { EpochUnit } from "../../model/mapping.ts";
import { TEXT_FORM } from "../canonical/text-form.ts";
import type { Codec, ConversionOf } from "../codec.ts";
import { escapeCopyText } from "../copy-text.ts";
import { type Inverse, integerValue, ROUNDED, sameFormats, textValue, type WrittenValue } from "../inverse.ts";
import { isSameNormalForm } from "../normal-form.ts";
import { rawText } from "../raw-value.ts";

const PER_SECOND: Readonly<Record<EpochUnit, number>> = { seconds: 1, milliseconds: 1_000, microseconds: 1_000_000 };
const DIGITS: Readonly<Record<EpochUnit, number>> = { seconds: 0, milliseconds: 3, microseconds: 6 };

/** PostgreSQL counts no more hours. */
const MAX_SECONDS = 7_700_000_000_000n;

/** Integers in a unit that the plan knows, and texts that PostgreSQL reads. */
export function intervalCodec({ unit }: ConversionOf<"interval">): Codec {
  return {
    description: "an interval",
    isNumber: false,
    textFormats: [],
    encoder: {
      copyText: (c) => `CASE typeof(${c}) WHEN 'integer' THEN ${clockOf(c, unit)} ELSE ${escapeCopyText(c)} END`,
      rejected: (c) => `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'text' THEN 0 WHEN 'integer' THEN ${isBeyond(c, unit)}
        ELSE 1 END`,
      json: null,
      binary: null,
    },
    comparison: {
      matches(raw, targetText) {
        if (raw.type === "integer") {
          const micros = microsOfInterval(targetText);
          return unit !== null && micros !== null && raw.value * BigInt(1_000_000 / PER_UNIT[unit]) === micros;
        }
        const text = rawText(raw);
        return text !== null && isSameNormalForm("interval", text, targetText);
      },
      canonical: TEXT_FORM,
    },
    inverse: inverse(unit),
    merging: { isPossible: () => true, sameText: (_, copied) => copied },
  };
}

/** What the comparison counts by, for itself. */
const PER_UNIT: Readonly<Record<EpochUnit, number>> = { seconds: 1, milliseconds: 1_000, microseconds: 1_000_000 };

/** SQLite expression: `-100:00:01.500`, which every PostgreSQL reads with all of its digits. */
function clockOf(c: string, unit: EpochUnit | null): string {
  if (unit === null) return "NULL";
  const [perSecond, digits] = [PER_SECOND[unit], DIGITS[unit]];
  const seconds = perSecond === 1 ? `abs(${c})` : `(abs(${c})/${perSecond})`;
  const fraction = digits === 0 ? "" : `||printf('.%0${digits}d',abs(${c})%${perSecond})`;
  const clock = `printf('%d:%02d:%02d',${seconds}/3600,${seconds}/60%60,${seconds}%60)`;
  return `(CASE WHEN ${c}<0 THEN '-' ELSE '' END||${clock}${fraction})`;
}

function isBeyond(c: string, unit: EpochUnit | null): string {
  if (unit === null) return "1";
  const most = MAX_SECONDS * BigInt(PER_SECOND[unit]);
  return `${c} NOT BETWEEN -${most} AND ${most}`;
}

const PART = /([+-]?\d+) (year|mon|day)s?/g;
const CLOCK = /([+-]?)(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/;

/** Of PostgreSQL's text, days of 24 hours; null where it has months, which have no length. */
function microsOfInterval(text: string): bigint | null {
  let micros = 0n;
  for (const [, count = "0", word] of text.matchAll(PART)) {
    if (word !== "day") return null;
    micros += BigInt(count) * 86_400_000_000n;
  }
  const [, sign, hours, minutes, seconds, fraction = ""] = CLOCK.exec(text) ?? [];
  if (hours === undefined) return micros;
  const whole = BigInt(hours) * 3600n + BigInt(minutes ?? 0) * 60n + BigInt(seconds ?? 0);
  const ofClock = whole * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
  return sign === "-" ? micros - ofClock : micros + ofClock;
}

/** `count` in the unit; `text` as PostgreSQL writes it. */
function inverse(unit: EpochUnit | null): Inverse {
  return {
    formatOf: (raw) => (raw.type === "integer" ? "count" : "text"),
    formats: (affinity) => (unit !== null && affinity !== "text" ? ["count", "text"] : ["text"]),
    write: (targetText, format) => (format === "count" ? counted(targetText, unit) : textValue(targetText)),
    habit: sameFormats(`interval ${unit ?? ""}`),
    loss: ROUNDED,
  };
}

function counted(targetText: string, unit: EpochUnit | null): WrittenValue | null {
  const micros = microsOfInterval(targetText);
  if (micros === null || unit === null) return null;
  const divisor = BigInt(1_000_000 / PER_UNIT[unit]);
  const written = integerValue(micros / divisor);
  return written === null ? null : { ...written, exact: micros % divisor === 0n };
}
