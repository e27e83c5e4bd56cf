/** What stands in for something of SQLite's in the schema sqlite_compat. */
export interface CompatObject {
  /** Others that it is made of: those are created before it. */
  readonly needs: readonly CompatName[];
  /** Functions of SQLite's that it stands for. */
  readonly calls?: readonly string[];
  /** Operators that it stands for: as statements have them. */
  readonly operators?: readonly string[];
  /** It stands for a comparison of values of different types. */
  readonly compares?: "boolean" | "text";
  /** It hides something of PostgreSQL's own, so pg_catalog comes after it in the search path. */
  readonly hides?: true;
  /** Dates and timestamps are taken for its first argument, or its second, too; what it gives. */
  readonly moment?: { readonly before: string; readonly returns: string };
}

const NAMES = [
  ...["exact", "general", "real-text", "calendar", "date-texts", "moment", "moment-text"],
  ...["strftime", "date", "time", "datetime", "julianday", "unixepoch"],
  ...["ifnull", "iif", "instr", "hex", "typeof", "quote", "unicode", "randomblob", "zeroblob", "glob", "like"],
  ...["lower", "upper", "substr", "round", "total", "group-concat", "sum-of-truth", "division"],
  ...["truth-and-number", "text-and-number", "printf", "printf-numbers"],
  ...["json-path", "json-extract", "json-arrows", "json-array-length", "json-type", "json-valid", "json-group-array"],
] as const;

/** A file in sql/compat. */
export type CompatName = (typeof NAMES)[number];

const MOMENT: readonly CompatName[] = ["calendar", "date-texts", "moment", "moment-text"];

/** All of them, in an order in which each finds what it needs. */
export const COMPAT_OBJECTS: Readonly<Record<CompatName, CompatObject>> = {
  exact: { needs: [] },
  general: { needs: ["exact"] },
  "real-text": { needs: ["general"] },
  calendar: { needs: [] },
  "date-texts": { needs: [] },
  moment: { needs: ["calendar"] },
  "moment-text": { needs: [] },
  strftime: {
    needs: [...MOMENT, "general"],
    calls: ["strftime"],
    moment: { before: "format text, ", returns: "text" },
  },
  date: { needs: MOMENT, calls: ["date"], hides: true, moment: { before: "", returns: "text" } },
  time: { needs: MOMENT, calls: ["time"], hides: true, moment: { before: "", returns: "text" } },
  datetime: { needs: MOMENT, calls: ["datetime"], moment: { before: "", returns: "text" } },
  julianday: { needs: MOMENT, calls: ["julianday"], moment: { before: "", returns: "double precision" } },
  unixepoch: { needs: MOMENT, calls: ["unixepoch"], moment: { before: "", returns: "bigint" } },
  ifnull: { needs: [], calls: ["ifnull"] },
  iif: { needs: [], calls: ["iif", "if"] },
  instr: { needs: [], calls: ["instr"] },
  hex: { needs: [], calls: ["hex"] },
  typeof: { needs: [], calls: ["typeof"] },
  quote: { needs: [], calls: ["quote"] },
  unicode: { needs: [], calls: ["unicode"] },
  randomblob: { needs: [], calls: ["randomblob"] },
  zeroblob: { needs: [], calls: ["zeroblob"] },
  glob: { needs: [], calls: ["glob"] },
  like: { needs: [], operators: ["LIKE"], hides: true },
  lower: { needs: [], calls: ["lower"], hides: true },
  upper: { needs: [], calls: ["upper"], hides: true },
  substr: { needs: [], calls: ["substr"], hides: true },
  round: { needs: ["exact"], calls: ["round"], hides: true },
  total: { needs: [], calls: ["total"] },
  "group-concat": { needs: [], calls: ["group_concat"] },
  "sum-of-truth": { needs: [], calls: ["sum"] },
  division: { needs: [], operators: ["/", "%"], hides: true },
  "truth-and-number": { needs: [], compares: "boolean" },
  "text-and-number": { needs: [], compares: "text" },
  printf: { needs: ["quote"], calls: ["printf"] },
  "printf-numbers": { needs: ["printf"], calls: ["printf"] },
  "json-path": { needs: [] },
  "json-extract": { needs: ["json-path"], calls: ["json_extract"] },
  "json-arrows": { needs: ["json-path"], operators: ["->", "->>"], hides: true },
  "json-array-length": { needs: ["json-path"], calls: ["json_array_length"] },
  "json-type": { needs: ["json-path"], calls: ["json_type"] },
  "json-valid": { needs: [], calls: ["json_valid"] },
  "json-group-array": { needs: [], calls: ["json_group_array"] },
};

/** These and what they need, in the order of their creation. */
export function withNeeds(names: readonly CompatName[]): CompatName[] {
  const wanted = new Set<CompatName>();
  const want = (name: CompatName): void => {
    for (const needed of COMPAT_OBJECTS[name].needs) want(needed);
    wanted.add(name);
  };
  names.forEach(want);
  return NAMES.filter((name) => wanted.has(name));
}

/** All names. */
export const COMPAT_NAMES: readonly CompatName[] = NAMES;
