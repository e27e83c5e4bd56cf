/** What an ORM expects of the tables that changeover makes for it in PostgreSQL. */
export interface OrmProfile {
  /**
   * `int4`: integer columns where values fit. Drivers of JavaScript read a bigint as a text, and most ORMs declare 32
   * bits for what SQLite calls integer.
   */
  readonly integers: "int4" | "int8";
  /** Its truth values are known by `DEFAULT true` and `DEFAULT false`, whatever type is declared. */
  readonly hasTruthDefaults: boolean;
  /** It reads and writes timestamps with their zone. */
  readonly isZoned: boolean;
  /** It numbers keys by sequences that columns own, rather than by identity columns. */
  readonly keys: "identity" | "serial";
  /** It declares UUIDs so. */
  readonly uuids: RegExp | null;
}

const CHAR32 = /^char\s*\(\s*32\s*\)$/i;

/** By name, as `--profile` takes them. From what each ORM's own schema generator writes for either database. */
export const ORM_PROFILES = {
  plain: { integers: "int8", hasTruthDefaults: false, isZoned: false, keys: "identity", uuids: null },
  django: { integers: "int4", hasTruthDefaults: true, isZoned: true, keys: "identity", uuids: CHAR32 },
  rails: { integers: "int8", hasTruthDefaults: true, isZoned: false, keys: "serial", uuids: null },
  drizzle: { integers: "int4", hasTruthDefaults: true, isZoned: false, keys: "serial", uuids: null },
  prisma: { integers: "int4", hasTruthDefaults: true, isZoned: false, keys: "serial", uuids: null },
  typeorm: { integers: "int4", hasTruthDefaults: true, isZoned: false, keys: "serial", uuids: null },
  knex: { integers: "int4", hasTruthDefaults: true, isZoned: true, keys: "serial", uuids: CHAR32 },
  sequelize: { integers: "int4", hasTruthDefaults: true, isZoned: true, keys: "serial", uuids: null },
  sqlalchemy: { integers: "int4", hasTruthDefaults: true, isZoned: false, keys: "serial", uuids: CHAR32 },
  efcore: { integers: "int4", hasTruthDefaults: true, isZoned: true, keys: "identity", uuids: null },
  laravel: { integers: "int8", hasTruthDefaults: true, isZoned: false, keys: "serial", uuids: null },
  payload: { integers: "int4", hasTruthDefaults: true, isZoned: true, keys: "serial", uuids: null },
} as const satisfies Readonly<Record<string, OrmProfile>>;

export type OrmName = keyof typeof ORM_PROFILES;

/** The profile for a schema in which a tool's migrations were noticed; null where it has none. */
export function profileOfTool(tool: string): OrmName | null {
  const name = { "EF Core": "efcore", Alembic: "sqlalchemy", Objection: "knex" }[tool] ?? tool.toLowerCase();
  return Object.hasOwn(ORM_PROFILES, name) ? (name as OrmName) : null;
}

/** Values of such an integer column stay far enough from the ends of 32 bits to grow for a while. */
const ROOM = 2n ** 30n;

export function fitsInt4(min: bigint | null, max: bigint | null, declaredType: string): boolean {
  if (/big|int8|int64|unsigned/i.test(declaredType)) return false;
  return (min ?? 0n) >= -ROOM && (max ?? 0n) <= ROOM;
}
