import type { Conversion } from "../../model/mapping.ts";
import type { Codec, ConversionOf } from "../codec.ts";
import { withDecimals } from "../fewer-decimals.ts";
import { arrayCodec } from "./array.ts";
import { booleanCodec } from "./boolean.ts";
import { bytesCodec } from "./bytes.ts";
import { dateCodec } from "./date.ts";
import { doubleCodec } from "./double.ts";
import { integerCodec } from "./integer.ts";
import { intervalCodec } from "./interval.ts";
import { jsonCodec } from "./json.ts";
import { networkCodec } from "./network.ts";
import { numericCodec } from "./numeric.ts";
import { otherCodec } from "./other.ts";
import { realCodec } from "./real.ts";
import { textCodec } from "./text.ts";
import { timeCodec } from "./time.ts";
import { timestampCodec } from "./timestamp.ts";
import { uuidCodec } from "./uuid.ts";

/**
 * The codec of each type. A new type is one file next to this one, a line here, and a line in `Conversion`.
 *
 * A codec has four parts: `encoder` (SQLite to PostgreSQL), `comparison` (are the two values equal), `inverse`
 * (PostgreSQL to SQLite), and the formats that the profile counts. Verification uses `comparison` alone, which calls
 * nothing that `encoder` calls: the canonical form is made of the bare value by each database, and `matches` reads
 * PostgreSQL's text output next to SQLite's raw value. So a mistake in the encoder cannot hide itself.
 * `test/rows/independence.test.ts` fails where the two parts of a file come to share a function.
 */
const CODECS = {
  array: arrayCodec,
  boolean: () => booleanCodec,
  bytes: () => bytesCodec,
  date: () => dateCodec,
  double: () => doubleCodec,
  integer: integerCodec,
  interval: intervalCodec,
  json: jsonCodec,
  network: () => networkCodec,
  numeric: numericCodec,
  other: otherCodec,
  real: () => realCodec,
  text: textCodec,
  time: ({ decimals }) => (decimals === undefined ? timeCodec : withDecimals(timeCodec, { decimals })),
  timestamp: (conversion) => {
    const { decimals, epoch } = conversion;
    const codec = timestampCodec(conversion);
    return decimals === undefined ? codec : withDecimals(codec, { decimals, epoch });
  },
  uuid: () => uuidCodec,
} satisfies { readonly [Kind in Conversion["kind"]]: (conversion: ConversionOf<Kind>) => Codec };

const known = new WeakMap<Conversion, Codec>();

export function codecOf(conversion: Conversion): Codec {
  const codec = known.get(conversion) ?? (CODECS[conversion.kind] as (conversion: Conversion) => Codec)(conversion);
  known.set(conversion, codec);
  return codec;
}
