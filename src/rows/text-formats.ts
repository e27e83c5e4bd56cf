import type { TextFormatTest } from "./codec.ts";
import { DATE_FORMAT } from "./types/date.ts";
import { JSON_FORMAT } from "./types/json.ts";
import { ADDRESS_FORMAT } from "./types/network.ts";
import { TIME_FORMAT } from "./types/time.ts";
import { LOCAL_TIMESTAMP_FORMAT, ZONED_TIMESTAMP_FORMAT } from "./types/timestamp-formats.ts";
import { UUID_FORMAT } from "./types/uuid.ts";

/** Formats of texts by which a type richer than text may be chosen. */
export type TextFormat = "isoDates" | "localTimestamps" | "zonedTimestamps" | "isoTimes" | "json" | "uuids" | "inets";

const TESTS = {
  isoDates: DATE_FORMAT,
  localTimestamps: LOCAL_TIMESTAMP_FORMAT,
  zonedTimestamps: ZONED_TIMESTAMP_FORMAT,
  isoTimes: TIME_FORMAT,
  json: JSON_FORMAT,
  uuids: UUID_FORMAT,
  inets: ADDRESS_FORMAT,
} satisfies Readonly<Record<TextFormat, TextFormatTest>>;

export const TEXT_FORMATS = Object.keys(TESTS) as readonly TextFormat[];

/** The test for a format, in SQL and of bytes. */
export function formatTest(format: TextFormat): TextFormatTest {
  return TESTS[format];
}

/** Whether a text has a format: what its bytes' test says, as of a value of the source. */
export function isOfFormat(format: TextFormat, text: string): boolean {
  const bytes = Buffer.from(text);
  const { bytes: test, lengths } = TESTS[format];
  return bytes.length >= lengths[0] && bytes.length <= lengths[1] && test(bytes, 0, bytes.length);
}

/** SQLite expression: whether a text `c` has a format: 1, or NULL or 0. */
export function hasFormat(format: TextFormat, c: string): string {
  return TESTS[format].sql(c);
}
