/** What a declared type asks for, in whatever dialect it is spelled. SQLite itself only takes its affinity. */
export type DeclaredKind =
  | "boolean"
  | "maybe-boolean"
  | "date"
  | "timestamp"
  | "time"
  | "json"
  | "uuid"
  | "decimal"
  | "double"
  | "integer"
  | "text"
  | "blob"
  | "none"
  | "other";

export function declaredKind(declaredType: string): DeclaredKind {
  const type = declaredType.trim().toLowerCase().replace(/\s+/g, " ");
  if (type === "") return "none";
  const name = /^[a-z_]+( precision)?/.exec(type)?.[0] ?? "";
  if (/^bool(ean)?$/.test(type)) return "boolean";
  if (/^(bit( ?\( ?1 ?\))?|tinyint ?\( ?1 ?\)( unsigned)?)$/.test(type)) return "maybe-boolean";
  if (/^date$/.test(type)) return "date";
  if (/^(datetime\d?|datetimeoffset|smalldatetime|timestamp(tz)?)( ?\( ?\d+ ?\))?( with(out)? time zone)?$/.test(type))
    return "timestamp";
  if (/^time( ?\( ?\d+ ?\))?( without time zone)?$/.test(type)) return "time";
  if (/^jsonb?$/.test(type)) return "json";
  if (/^(uuid|guid|uniqueidentifier)$/.test(type)) return "uuid";
  if (/^(numeric|decimal|dec|number|money|smallmoney)$/.test(name)) return "decimal";
  if (/^(real|float\d?|double( precision)?)$/.test(name)) return "double";
  if (/int/.test(type)) return "integer";
  if (/char|clob|text/.test(type)) return "text";
  return /blob|binary|bytea|image/.test(type) ? "blob" : "other";
}

const TEXTS_OF_ONE_FORMAT: ReadonlySet<DeclaredKind> = new Set(["date", "timestamp", "time", "uuid"]);

/** Whether a declaration promises texts of one format, among which a number is a mistake. */
export function promisesFormat(declaredType: string): boolean {
  return TEXTS_OF_ONE_FORMAT.has(declaredKind(declaredType));
}

export interface Decimal {
  readonly precision: number;
  readonly scale: number;
}

/** Precision and scale of a declared decimal, where PostgreSQL's numeric can have them. */
export function declaredDecimal(declaredType: string): Decimal | null {
  if (declaredKind(declaredType) !== "decimal") return null;
  const match = /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(declaredType);
  if (match === null) return null;
  const precision = Number(match[1]);
  const scale = Number(match[2] ?? 0);
  return precision >= 1 && precision <= 1000 && scale <= precision ? { precision, scale } : null;
}
