import fc from "fast-check";

const two = (most: number) =>
  fc
    .oneof(fc.integer({ min: 0, max: most }), fc.constantFrom(most, most + 1, 0, 1))
    .map((number) => String(number).padStart(2, "0"));
const day = fc
  .tuple(fc.oneof(fc.integer({ min: 0, max: 9999 }), fc.constantFrom(0, 1, 1900, 2000, 2023, 2024)), two(12), two(31))
  .map(([year, month, days]) => `${String(year).padStart(4, "0")}-${month}-${days}`);
const clock = fc.tuple(two(23), two(59), two(59)).map((parts) => parts.join(":"));
const fraction = fc.constantFrom("", ".", ".1", ".123", ".123456", ".1234567", ".1x");
const zone = fc.constantFrom(
  "",
  "Z",
  "z",
  "+01",
  "-14:59",
  "+15:00",
  "+0130",
  "+01:60",
  "+1",
  "+01:3",
  " +01:00",
  "+01:00:00",
  "ZZ",
);
const timestamp = fc
  .tuple(day, fc.constantFrom(" ", "T", "t", "  "), clock, fraction, zone)
  .map((parts) => parts.join(""));
const minute = fc
  .tuple(day, fc.constantFrom(" ", "T"), clock)
  .map(([days, space, time]) => `${days}${space}${time.slice(0, 5)}`);
const time = fc.tuple(clock, fraction).map((parts) => parts.join(""));
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF"), minLength: length, maxLength: length });
const uuid = fc.tuple(hex(8), hex(4), hex(4), hex(4), hex(12)).map((parts) => parts.join("-"));
const ipv4 = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 260 }).map(String), fc.constantFrom("", "007", "0255", "1")), {
    minLength: 3,
    maxLength: 5,
  })
  .map((parts) => parts.join("."));
const group = fc.oneof(fc.constantFrom("", "0", "fe80", "12345", "g"), hex(2));
const ipv6 = fc
  .tuple(
    fc.array(group, { minLength: 2, maxLength: 9 }).map((parts) => parts.join(":")),
    fc.oneof(
      fc.constant(""),
      ipv4.map((address) => `:${address}`),
    ),
  )
  .map((parts) => parts.join(""));
const mostlyRight = fc.oneof(
  day,
  timestamp,
  minute,
  time,
  clock.map((text) => text.slice(0, 5)),
  uuid,
  ipv4,
  ipv6,
);
/** One character replaced, put in or taken out. */
const spoilt = fc
  .tuple(mostlyRight, fc.nat(), fc.constantFrom(..."0129-:. TZé/g\n"), fc.constantFrom(0, 1))
  .map(([text, place, character, taken]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + character + text.slice(at + taken);
  });
const anything = fc.string({ unit: fc.constantFrom(..."0123456789-:. TZabfé"), maxLength: 40 });

/** Texts that have a form, and such as nearly do. */
export const nearFormats = fc.oneof(mostlyRight, spoilt, anything);
