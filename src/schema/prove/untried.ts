import type { LoadedMigration } from "../migrate/load-migrations.ts";
import { type MigrationSql, renderMigration } from "../migrate/render-migration.ts";
import { type Allowance, allowancesOf, isAllowed } from "./allowances.ts";
import { type PgStatement, parsePgStatements } from "./lint/pg-statements.ts";
import { clusterWide } from "./lint/server-wide.ts";
import { createdRole, rolesOf } from "./roles.ts";
import type { ScratchServer } from "./scratch-server.ts";

/** A statement that a proof does not run, since a scratch database does not isolate it. */
export interface UntriedStatement {
  /** The migration file. */
  readonly file: string;
  /** Its line there; null if a script built it. */
  readonly line: number | null;
  /** Why it is not run. */
  readonly reason: string;
}

/** Returns the SQL of a step without the statements that are not to be run. */
export type EditSql = (migration: string, sql: string) => Promise<string>;

export interface Untried {
  readonly statements: readonly UntriedStatement[];
  /** Null if everything is run. */
  readonly edit: EditSql | null;
}

/**
 * Finds statements that change the server, not just their database, and those that name a role which only they would
 * create. All others of the same files can be tried. Other roles that are named are created where the server allows it.
 */
export async function findUntried(
  migrations: readonly LoadedMigration[],
  server: Pick<ScratchServer, "ensureRoles">,
  before: MigrationSql | null,
): Promise<Untried> {
  const files = await Promise.all(
    migrations.map(async (migration) => ({
      migration,
      allowances: allowancesOf(migration),
      statements: await statementsOf(migration),
    })),
  );
  const skipped = files.flatMap(({ allowances, statements }) =>
    statements.filter(({ node }) => serverWide(node, allowances) !== null),
  );
  const run = files.flatMap(({ allowances, statements }) =>
    statements.filter(({ node }) => serverWide(node, allowances) === null),
  );
  const setUp = before === null ? [] : await parsed(before);
  const named = [...setUp, ...run].flatMap(({ node }) => [...rolesOf(node)]);
  const created = new Set(skipped.flatMap(({ node }) => createdRole(node) ?? []));
  // A script may take on one of them without naming it in a statement that can be read beforehand.
  const absent = new Set(await server.ensureRoles([...new Set([...named, ...created])]));
  const missing = new Set([...created].filter((role) => absent.has(role)));
  const reasonFor = (node: PgStatement["node"], allowances: readonly Allowance[]) =>
    serverWide(node, allowances) ?? namesMissing(node, missing);
  const statements = files.flatMap(({ allowances, migration: { file }, statements: all }) =>
    all.flatMap(({ line, node }) => {
      const reason = reasonFor(node, allowances);
      return reason === null ? [] : [{ file, line, reason }];
    }),
  );
  const allowed = new Map(files.map(({ allowances, migration }) => [migration.name, allowances]));
  const edit: EditSql = (migration, sql) =>
    blank(sql, (node) => reasonFor(node, allowed.get(migration) ?? []) !== null);
  return { statements, edit: statements.length === 0 ? null : edit };
}

/** Blanks statements, so that positions of the others stay. */
async function blank(sql: string, isUntried: (node: PgStatement["node"]) => boolean): Promise<string> {
  let edited = sql;
  for (const { at, node, sql: text } of await parsed({
    steps: [{ sql, line: null }],
    transaction: true,
    queries: false,
  }))
    if (isUntried(node))
      edited = `${edited.slice(0, at)}${text.replace(/[^\n]/g, " ")}${edited.slice(at + text.length)}`;
  return edited;
}

async function statementsOf(migration: LoadedMigration): Promise<readonly PgStatement[]> {
  const found: PgStatement[] = [];
  for (const direction of ["up", "down"] as const) {
    const half = await renderMigration(migration, direction).catch(() => null);
    if (half !== null) found.push(...(await parsed(half)));
  }
  return found;
}

/** What cannot be parsed is run as it is: PostgreSQL will say why. */
async function parsed(sql: MigrationSql): Promise<readonly PgStatement[]> {
  const result = await parsePgStatements(sql);
  return "statements" in result ? result.statements : [];
}

function serverWide(node: PgStatement["node"], allowances: readonly Allowance[]): string | null {
  const [found] = clusterWide(node);
  if (found === undefined || isAllowed(allowances, "CLUSTER_WIDE", found.object)) return null;
  return `it changes ${found.object}, which belongs to the server`;
}

function namesMissing(node: PgStatement["node"], missing: ReadonlySet<string>): string | null {
  const role = [...rolesOf(node)].find((name) => missing.has(name));
  return role === undefined ? null : `it names the role ${role}, which would be created by a statement not tried`;
}
