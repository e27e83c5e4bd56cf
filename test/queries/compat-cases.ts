import fc from "fast-check";
import type { CompatName } from "../../src/queries/compat/compat-objects.ts";

/** An expression of random values, once for each database. */
export interface CompatCase {
  readonly sqlite: string;
  readonly postgres: string;
}

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const word = fc.string({ unit: fc.constantFrom(..."abAB%_*?[]^-\\'\"é. 1"), maxLength: 8 });
const nullable = (values: fc.Arbitrary<string>) => fc.option(values, { nil: "null", freq: 12 });
const texts = nullable(word.map(text));
const integers = nullable(fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer()).map(String));
const reals = fc
  .oneof(
    fc.integer({ min: -9_999_999, max: 9_999_999 }).map((n) => n / 1000),
    fc.double({ min: -1e12, max: 1e12, noNaN: true }),
    fc.constantFrom(0.5, 1.5, 2.5, -0.5, 2.675, 1e15, 123456789.125),
  )
  .map((value) => (Number.isInteger(value) ? `${value}.0` : String(value)).replace(/^(-?\d+)e/, "$1.0e"));
/** Where PostgreSQL says overflow, SQLite says infinity: it is refused aloud. */
const sane = reals.filter((value) => Number(value) === 0 || Math.abs(Number(value)) > 1e-9);
const ascii = nullable(word.map((value) => text(value.replaceAll("é", "e"))));
const blobs = fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes).toString("hex"));

const two = (n: number) => String(n).padStart(2, "0");
const days = fc
  .tuple(fc.constantFrom("1999", "2000", "2023", "2024", "0001", "9999", "1900"), fc.nat(13), fc.nat(32))
  .map(([year, month, day]) => `${year}-${two(month)}-${two(day)}`);
const clocks = fc
  .tuple(fc.nat(23), fc.nat(60), fc.option(fc.nat(60)), fc.constantFrom("", ".5", ".123", ".999", ".05"))
  .map(([h, m, s, part]) => `${two(h)}:${two(m)}${s === null ? "" : `:${two(s)}${part}`}`);
const zones = fc.constantFrom("", "", "", "Z", "+02:00", " -05:30", "+15:00");
const moments = fc.oneof(
  days,
  fc.tuple(days, fc.constantFrom(" ", "T"), clocks, zones).map((parts) => parts.join("")),
  clocks,
  fc.constantFrom("2460000.5", "0", "5373484.4", "", "nonsense", "2024-1-1", "2024-01-01 1:00"),
);
const amounts = fc.tuple(fc.constantFrom("", "+", "-"), fc.constantFrom("0", "1", "13", "1.5", "45", "400", "99999"));
const modifiers = fc.oneof(
  fc.constantFrom("start of month", "start of year", "start of day", "weekday 0", "weekday 3", "weekday 6"),
  fc.constantFrom("utc", "localtime", "subsec", "nonsense", "+01:30", "-10:20:30", "START OF MONTH"),
  fc
    .tuple(amounts, fc.constantFrom("second", "minute", "hours", "day", "days", "month", "months", "year", "years"))
    .map(([[sign, amount], unit]) => `${sign}${amount} ${unit}`),
);
const times = fc.oneof(
  fc.tuple(moments, fc.array(modifiers, { maxLength: 3 })).map((all) => all.flat()),
  fc
    .tuple(
      fc.constantFrom("0", "1700000000", "-5", "1e9", "253402300799"),
      fc.constantFrom("unixepoch", "auto"),
      modifiers,
    )
    .map((all) => [...all]),
);
const arguments_ = times.map((list) => list.map(text).join(", "));
const formats = fc
  .array(fc.constantFrom(..."YmdHMSfjJswWFTRIpPkleu%".split("").map((c) => `%${c}`), "-", " ", "é", "T"), {
    maxLength: 5,
  })
  .map((parts) => text(parts.join("")));

type Make = fc.Arbitrary<CompatCase>;
const call = (name: string, args: fc.Arbitrary<string>): Make =>
  args.map((list) => ({ sqlite: `${name}(${list})`, postgres: `sqlite_compat."${name}"(${list})` }));
const typed = (name: string, type: string, ...args: readonly fc.Arbitrary<string>[]): Make =>
  fc.tuple(...args).map(([first = "null", ...rest]) => ({
    sqlite: `${name}(${[first, ...rest].join(", ")})`,
    postgres: `sqlite_compat."${name}"(${[`${first}::${type}`, ...rest].join(", ")})`,
  }));
const bytes = (name: string): Make =>
  blobs.map((hex) => ({ sqlite: `${name}(x'${hex}')`, postgres: `sqlite_compat."${name}"('\\x${hex}'::bytea)` }));
const between = (sign: string, types: readonly [string, string], ...sides: readonly fc.Arbitrary<string>[]): Make =>
  fc.tuple(...sides).map(([one = "", other = ""]) => ({
    sqlite: `${one} ${sign} ${other}`,
    postgres: `(${one})::${types[0]} operator(sqlite_compat.${OPERATORS[sign] ?? sign}) (${other})::${types[1]}`,
  }));
const OPERATORS: Readonly<Record<string, string>> = { LIKE: "~~", "NOT LIKE": "!~~" };
const lists = (values: fc.Arbitrary<string>) => fc.array(values, { maxLength: 4 });
const aggregate = (name: string, type: string, values: fc.Arbitrary<string>, more = ""): Make =>
  lists(values).map((list) => ({
    sqlite:
      `(select ${name}(v${more}) from (select null as v where 0 ` +
      `${list.map((v) => `union all select ${v}`).join(" ")}))`,
    postgres:
      `(select sqlite_compat.${name}(v${more}) from (select null::${type} as v where false ` +
      `${list.map((v) => `union all select ${v}`).join(" ")}) as q)`,
  }));
const documents = fc
  .jsonValue({ maxDepth: 2, noUnicodeString: true } as fc.JsonSharedConstraints)
  .filter((value) => !/[^ -~]|\\|e[+-]?\d|-0[^.\d]|-0$/.test(JSON.stringify(value)) && !hasLongNumber(value))
  .map((value) => text(JSON.stringify({ a: value, b: [1, 2.5, "x", null, true], "c d": { e: "f" } })));
const paths = fc
  .constantFrom("$", "$.a", "$.b", "$.b[0]", "$.b[1]", "$.b[3]", "$.b[4]", "$.b[#-1]", '$."c d".e', "$.x.y")
  .map(text);
const hasLongNumber = (value: unknown) => /\d{15}/.test(JSON.stringify(value));
const steps = fc.constantFrom("a", "b", "c d", "x", "$.b[2]", "$.a").map(text);

/** What each object is asked. Times of the present are not: the two databases ask at different moments. */
export const COMPAT_CASES: Readonly<Partial<Record<CompatName, readonly Make[]>>> = {
  strftime: [
    fc
      .tuple(formats, arguments_)
      .map(([format, args]) => `${format}, ${args}`)
      .chain((args) => call("strftime", fc.constant(args))),
  ],
  date: [call("date", arguments_)],
  time: [call("time", arguments_)],
  datetime: [call("datetime", arguments_)],
  julianday: [call("julianday", arguments_)],
  unixepoch: [
    call(
      "unixepoch",
      arguments_.filter((args) => !args.includes("subsec")),
    ),
  ],
  ifnull: [call("ifnull", fc.tuple(texts, texts).map(String)), typed("ifnull", "bigint", integers, integers)],
  iif: [typed("iif", "bigint", integers, texts, texts)],
  instr: [call("instr", fc.tuple(texts, texts).map(String))],
  hex: [call("hex", texts), bytes("hex"), typed("hex", "bigint", integers)],
  typeof: [
    typed("typeof", "text", texts),
    typed("typeof", "bigint", integers),
    typed("typeof", "double precision", reals),
    bytes("typeof"),
  ],
  quote: [typed("quote", "text", texts), typed("quote", "bigint", integers), bytes("quote")],
  unicode: [call("unicode", texts)],
  glob: [call("glob", fc.tuple(texts, texts).map(String))],
  like: [between("LIKE", ["text", "text"], texts, texts), between("NOT LIKE", ["text", "text"], texts, texts)],
  lower: [typed("lower", "text", texts)],
  upper: [typed("upper", "text", texts)],
  substr: [
    typed("substr", "text", texts, integers, fc.integer({ min: -9, max: 9 }).map(String)),
    typed("substr", "text", texts, fc.integer({ min: -9, max: 9 }).map(String)),
  ],
  round: [
    typed("round", "double precision", reals),
    typed("round", "double precision", reals, fc.nat(6).map(String)),
    typed("round", "bigint", integers),
  ],
  total: [aggregate("total", "double precision", fc.oneof(reals, fc.constant("null")))],
  "group-concat": [
    aggregate("group_concat", "text", texts),
    aggregate("group_concat", "text", texts, ", '; '"),
    aggregate("group_concat", "bigint", integers),
  ],
  division: [
    between("/", ["bigint", "bigint"], integers, integers),
    between("%", ["bigint", "bigint"], integers, integers),
    between("/", ["double precision", "double precision"], sane, sane),
  ],
  "real-text": [
    reals.map((value) => ({ sqlite: `cast(${value} as text)`, postgres: `sqlite_compat._real_text(${value})` })),
  ],
  printf: [
    fc
      .tuple(fc.constantFrom("%s", "%5s", "%-6s|", "%.2s", "%q", "a%%b%s", "%Q"), ascii)
      .map(String)
      .chain((args) => call("printf", fc.constant(args.replace(/^([^,]*)/, (f) => text(f))))),
  ],
  "printf-numbers": [
    fc.tuple(fc.constantFrom("%d", "%05d", "%+d", "%-8d|", "%,d", "% d", "%.4d"), integers).map(([f, v]) => ({
      sqlite: `printf(${text(f)}, ${v})`,
      postgres: `sqlite_compat.printf(${text(f)}, ${v}::bigint)`,
    })),
  ],
  "json-extract": [
    fc
      .tuple(documents, paths)
      .map(String)
      .chain((args) => call("json_extract", fc.constant(args))),
  ],
  "json-arrows": [
    fc
      .tuple(documents, steps)
      .map(([d, s]) => ({ sqlite: `${d} ->> ${s}`, postgres: `${d}::text operator(sqlite_compat.->>) ${s}::text` })),
    fc.tuple(documents, steps).map(([d, s]) => ({
      sqlite: `${d} -> ${s}`,
      postgres: `sqlite_compat._json_text(${d}::jsonb operator(sqlite_compat.->) ${s}::text)`,
    })),
  ],
  "json-array-length": [
    fc
      .tuple(documents, paths)
      .map(String)
      .chain((args) => call("json_array_length", fc.constant(args))),
  ],
  "json-type": [
    fc
      .tuple(documents, paths)
      .map(String)
      .chain((args) => call("json_type", fc.constant(args))),
  ],
  "json-valid": [call("json_valid", fc.oneof(documents, texts))],
};
