/** Forms that texts may have, as SQLite expressions that are 1 (or NULL or 0) for a text `c`. */
export type TextFormat = "isoDates" | "localTimestamps" | "zonedTimestamps" | "isoTimes" | "json" | "uuids" | "inets";

export const TEXT_FORMATS: readonly TextFormat[] = [
  "isoDates",
  "localTimestamps",
  "zonedTimestamps",
  "isoTimes",
  "json",
  "uuids",
  "inets",
];

/** Whether a text has a form: 1, or NULL or 0. */
export function hasFormat(format: TextFormat, c: string): string {
  return formatExpressions(format, c)[0]?.[1] ?? "0";
}

/** The counts that come with a form: its own, and those of refinements, which mean something where all texts have the form. */
export function formatExpressions(
  format: TextFormat,
  c: string,
): readonly (readonly [field: string, expression: string])[] {
  switch (format) {
    case "isoDates":
      return [[format, isoDate(c)]];
    case "localTimestamps":
      return [[format, localTimestamp(c)]];
    case "zonedTimestamps":
      return [[format, zonedTimestamp(c)]];
    case "isoTimes":
      return [[format, isoTime(c)]];
    case "json":
      return [
        [format, `json_valid(${c})`],
        ["jsonContainers", `substr(${c},1,1) IN ('{','[')`],
        ["jsonObjects", `substr(${c},1,1)='{'`],
        ["jsonRejected", hasRejectedEscapes(c)],
      ];
    case "uuids":
      return [
        [format, uuid(c)],
        ["lowerUuids", `lower(${c})=${c}`],
      ];
    case "inets":
      return [[format, inet(c)]];
  }
}

/** JSON that jsonb refuses: `\u0000`, or an escape that is half of a surrogate pair. */
export function hasRejectedEscapes(c: string): string {
  // Without escaped backslashes, what follows a backslash is its own escape.
  const escapes = `replace(${c},'\\\\','')`;
  return `CASE WHEN instr(${c},'\\u')>0 THEN instr(${escapes},'\\u0000')>0 OR CASE WHEN instr(lower(${c}),'\\ud')>0 THEN ${halfPair(`('      '||lower(${escapes}))`)} END END`;
}

/** A high surrogate that no low one follows, or a low one that no high one precedes, in six characters each. */
function halfPair(c: string): string {
  const high = "\\ud[89ab][0-9a-f][0-9a-f]";
  const low = "\\ud[c-f]";
  const after = [`${high}[^\\]`, `${high}\\[^u]`, `${high}\\u[^d]`, `${high}\\ud[^c-f]`];
  const before = ["[^\\]?????", "?[^u]????", "??[^d]???", "???[^89ab]??", "????[^0-9a-f]?", "?????[^0-9a-f]"].map(
    (six) => `${six}${low}`,
  );
  return `(${[...after, ...before].map((pattern) => `${c} GLOB '*${pattern}*'`).join(" OR ")})`;
}

// With a modifier SQLite normalises: 30 February becomes 1 March and is no longer equal to the text.
function isoDate(c: string): string {
  return `CASE WHEN length(${c})=10 AND ${year(c)}>='0001' THEN date(${c},'+0 days')=${c} END`;
}

function localTimestamp(c: string): string {
  return `CASE WHEN ${year(c)}>='0001' THEN CASE length(${c}) WHEN 19 THEN ${second(c)} WHEN 16 THEN datetime(${c},'+0 days')=${spaced(c)}||':00' ELSE CASE WHEN length(${c}) BETWEEN 21 AND 26 AND ${zone(c)}='' THEN ${second(`substr(${c},1,19)`)} END END END`;
}

function zonedTimestamp(c: string): string {
  const offset = zone(c);
  return `CASE WHEN length(${c})>19 AND ${year(c)}>='0001' AND length(${c})-length(${offset})<=26 AND (${offset}='Z' OR ((${offset} GLOB '[-+][01][0-9]:[0-5][0-9]' OR ${offset} GLOB '[-+][01][0-9]' OR ${offset} GLOB '[-+][01][0-9][0-5][0-9]') AND substr(${offset},2,2)<'15')) THEN CASE WHEN ${leavesCalendar(c, offset)} THEN 0 ELSE ${second(`substr(${c},1,19)`)} END END`;
}

/** Whether an offset may lead into the year before the first, or behind 9999: .NET's DateTime.MinValue east of Greenwich. */
export function leavesCalendar(c: string, offset: string): string {
  return `(${c} GLOB '0001-01-01*' AND ${offset} GLOB '+*[1-9]*' OR ${c} GLOB '9999-12-31*' AND ${offset} GLOB '-*[1-9]*')`;
}

/** The year 0 exists in SQLite and not in PostgreSQL. Not compared as `c`: a column of dates has NUMERIC affinity, and '0001' would be 1. */
function year(c: string): string {
  return `substr(${c},1,4)`;
}

function second(c: string): string {
  return `datetime(${c},'+0 days')=${spaced(c)}`;
}

function spaced(c: string): string {
  return `replace(${c},'T',' ')`;
}

/** What follows the seconds and their decimals. */
function zone(c: string): string {
  return `CASE WHEN substr(${c},20,2) GLOB '.[0-9]' THEN ltrim(substr(${c},21),'0123456789') ELSE substr(${c},20) END`;
}

function isoTime(c: string): string {
  return `CASE length(${c}) WHEN 8 THEN time(${c},'+0 days')=${c} WHEN 5 THEN time(${c},'+0 days')=${c}||':00' ELSE CASE WHEN length(${c}) BETWEEN 10 AND 15 AND substr(${c},9,2) GLOB '.[0-9]' AND ltrim(substr(${c},10),'0123456789')='' THEN time(substr(${c},1,8),'+0 days')=substr(${c},1,8) END END`;
}

function uuid(c: string): string {
  return `CASE WHEN length(${c})=36 AND substr(${c},9,1)||substr(${c},14,1)||substr(${c},19,1)||substr(${c},24,1)='----' THEN length(unhex(${c},'-'))=16 END`;
}

/** Dotted IPv4, and IPv6, also with an IPv4 address at its end; without a prefix length. What PostgreSQL surely takes. */
function inet(c: string): string {
  // Up to and including the last colon.
  const start = `rtrim(${c},'0123456789.')`;
  // In an IPv6 address PostgreSQL takes no number with a leading zero; in an IPv4 address it does.
  const end = `substr(${c},length(${start})+1)`;
  const mapped = `CASE WHEN ${c} NOT GLOB '*[^0-9a-fA-F:.]*' AND ${start} NOT GLOB '*.*' AND substr(${start},-1)=':' AND '.'||${end} NOT GLOB '*.0[0-9]*' THEN ${ipv4(end)} AND ${ipv6(`(${start}||'0:0')`)} END`;
  return `CASE WHEN ${c} GLOB '[0-9]*.*.*.*[0-9]' AND ${c} NOT GLOB '*[^0-9.]*' THEN ${ipv4(c)} WHEN ${c} GLOB '*:*:*' AND length(${c})<=45 THEN CASE WHEN instr(${c},'.')>0 THEN ${mapped} WHEN ${c} NOT GLOB '*[^0-9a-fA-F:]*' THEN ${ipv6(c)} END END`;
}

function ipv4(c: string): string {
  const groups = `json_each('["'||replace(${c},'.','","')||'"]')`;
  return `(SELECT count(*)=4 AND min(length(value) BETWEEN 1 AND 3 AND CAST(value AS INTEGER)<256) FROM ${groups})`;
}

/** Of what holds only hexadecimal digits and colons. */
function ipv6(c: string): string {
  const colons = `length(${c})-length(replace(${c},':',''))`;
  return `(${c} NOT GLOB '*:::*' AND ${c} NOT GLOB '*::*::*' AND ${c} NOT GLOB '*[^:][^:][^:][^:][^:]*' AND ${c} NOT GLOB ':[^:]*' AND ${c} NOT GLOB '*[^:]:' AND CASE WHEN instr(${c},'::')>0 THEN ${colons}<=7 ELSE ${colons}=7 END)`;
}
