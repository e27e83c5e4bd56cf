import type { AlterTableCmd, ColumnDef, Constraint, Node } from "libpg-query";
import type { Concern } from "./warning.ts";
import { tableOf, type World } from "./world.ts";

/** Concerns about one command of an ALTER TABLE; updates the world. */
export function alterTable(table: string, command: AlterTableCmd, world: World): Concern[] {
  const { def, name = "", subtype } = command;
  switch (subtype) {
    case "AT_AddConstraint":
      return def !== undefined && "Constraint" in def ? addConstraint(table, def.Constraint, world) : [];
    case "AT_AddColumn":
      return def !== undefined && "ColumnDef" in def ? addColumn(table, def.ColumnDef, world) : [];
    case "AT_AlterColumnType":
      return world.isLarge(table)
        ? [
            rewrite(
              table,
              `changing the type of ${name} rewrites`,
              "add a column of the new type, fill it in batches, and switch the application to it; enlarging a " +
                "varchar needs no rewrite",
            ),
          ]
        : [];
    case "AT_SetNotNull":
      return setNotNull(table, name, world);
    case "AT_ValidateConstraint":
      return validate(table, name, world);
    case "AT_DropColumn":
      return world.holdsRows(table)
        ? [
            {
              code: "DROPS_DATA",
              object: table,
              message:
                `drops the column ${name} of ${table} with all its values: the down section restores the column, ` +
                "but not its values",
              hint: "first release an application version that does not use the column; keep a copy of it, or a backup",
            },
          ]
        : [];
    case "AT_SetLogged":
    case "AT_SetUnLogged":
    case "AT_SetTableSpace":
    case "AT_SetAccessMethod":
      return world.isLarge(table)
        ? [rewrite(table, "this rewrites", "do it in a quiet hour, or move the rows to a new table")]
        : [];
    default:
      return [];
  }
}

function addConstraint(table: string, constraint: Constraint, world: World): Concern[] {
  const { conname = "", contype, indexname, initially_valid: validNow } = constraint;
  const named = conname === "" ? "" : ` ${conname}`;
  const valid = validNow === true;
  // First, since the constraint itself makes the column known as NOT NULL.
  const scanned = contype === "CONSTR_NOTNULL" && valid ? setNotNull(table, firstKey(constraint) ?? "", world) : [];
  if (contype === "CONSTR_CHECK" || contype === "CONSTR_NOTNULL")
    world.addCheck(table, conname, {
      notNull: contype === "CONSTR_NOTNULL" ? firstKey(constraint) : columnNotNull(constraint.raw_expr),
      valid,
    });
  if (contype === "CONSTR_FOREIGN") world.addCheck(table, conname, { notNull: null, valid });
  if (contype === "CONSTR_PRIMARY" || contype === "CONSTR_UNIQUE" || contype === "CONSTR_EXCLUSION") {
    if (indexname !== undefined || !world.isLarge(table)) return [];
    const hint =
      contype === "CONSTR_EXCLUSION"
        ? "do it in a quiet hour: an exclusion constraint cannot use an existing index"
        : "build the index first with CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … " +
          `${contype === "CONSTR_PRIMARY" ? "PRIMARY KEY" : "UNIQUE"} USING INDEX`;
    return [
      {
        code: "UNIQUE_BLOCKS_ALL",
        object: table,
        message: `builds the index of the constraint${named} while reads and writes of ${table} wait`,
        hint,
      },
    ];
  }
  if (!valid) return [];
  if (contype === "CONSTR_FOREIGN") {
    const parent = tableOf(constraint.pktable);
    return world.isLarge(table)
      ? [
          {
            code: "FOREIGN_KEY_SCANS",
            object: table,
            message: `checks each row of ${table} for the foreign key${named} to ${parent}, while writes to both wait`,
            hint: "add it NOT VALID, and VALIDATE CONSTRAINT in a separate migration, applied by itself",
          },
        ]
      : [];
  }
  if (contype === "CONSTR_CHECK") {
    return world.isLarge(table)
      ? [
          {
            code: "CHECK_SCANS",
            object: table,
            message: `reads all of ${table} for the CHECK${named}, while reads and writes of it wait`,
            hint: "add it NOT VALID, and VALIDATE CONSTRAINT in a separate migration, applied by itself",
          },
        ]
      : [];
  }
  return scanned;
}

function addColumn(table: string, column: ColumnDef, world: World): Concern[] {
  const { colname = "", constraints = [] } = column;
  const own = constraints.flatMap((node) => ("Constraint" in node ? [node.Constraint] : []));
  const has = (type: Constraint["contype"]) => own.some(({ contype }) => contype === type);
  const found: Concern[] = [];
  const serial = (column.typeName?.names ?? []).some(
    (node) => "String" in node && /^(small|big)?serial\d?$/.test(node.String.sval ?? ""),
  );
  const filled = serial || has("CONSTR_DEFAULT") || has("CONSTR_IDENTITY") || has("CONSTR_GENERATED");
  if ((has("CONSTR_NOTNULL") || has("CONSTR_PRIMARY")) && !filled && world.holdsRows(table)) {
    found.push({
      code: "NOT_NULL_WITHOUT_DEFAULT",
      object: table,
      message: `fails if ${table} has rows: the new column ${colname} would be NULL in them`,
      hint: "add the column without NOT NULL, fill it, then set NOT NULL; or give it a DEFAULT",
    });
  }
  const stored = own.some(({ contype, generated_kind: kind }) => contype === "CONSTR_GENERATED" && kind !== "v");
  const changing = own.some(
    ({ contype, raw_expr: expression }) => contype === "CONSTR_DEFAULT" && isVolatile(expression),
  );
  if ((serial || stored || changing || has("CONSTR_IDENTITY")) && world.isLarge(table)) {
    found.push(
      rewrite(
        table,
        `the new column ${colname}, which has a different value in each row, rewrites`,
        "add it without the default, set the default for new rows, and fill the existing ones in batches",
      ),
    );
  }
  for (const { contype, conname } of own) {
    if (
      contype !== "CONSTR_UNIQUE" &&
      contype !== "CONSTR_PRIMARY" &&
      contype !== "CONSTR_CHECK" &&
      contype !== "CONSTR_FOREIGN"
    )
      continue;
    // With a default, the constraint must check the new values; without one all are NULL.
    const parts = { contype, ...(conname === undefined ? {} : { conname }), initially_valid: true };
    if (contype !== "CONSTR_FOREIGN" && contype !== "CONSTR_CHECK") found.push(...addConstraint(table, parts, world));
    else
      found.push(...addConstraint(table, { ...parts, ...(own.find((one) => one.contype === contype) ?? {}) }, world));
  }
  return found;
}

function setNotNull(table: string, column: string, world: World): Concern[] {
  if (!world.isLarge(table) || world.isKnownNotNull(table, column)) return [];
  return [
    {
      code: "NOT_NULL_SCANS",
      object: table,
      message: `reads all of ${table} to check ${column} for NULL, while reads and writes of it wait`,
      hint:
        `first ADD CONSTRAINT … CHECK (${column} IS NOT NULL) NOT VALID, then VALIDATE CONSTRAINT in a separate ` +
        "migration: then SET NOT NULL need not read the table",
    },
  ];
}

function validate(table: string, name: string, world: World): Concern[] {
  if (!world.validate(table, name) || !world.isLarge(table)) return [];
  return [
    {
      code: "VALIDATED_UNDER_LOCK",
      object: table,
      message: `validates ${name} in the transaction that added it: its lock lasts until all of ${table} is read`,
      hint: "put VALIDATE CONSTRAINT into a separate migration, and apply it by itself: changeover up 1",
    },
  ];
}

function rewrite(table: string, what: string, hint: string): Concern {
  return {
    code: "TABLE_REWRITE",
    object: table,
    message: `${what} all of ${table} and its indexes, while reads and writes of it wait`,
    hint,
  };
}

/** The column of `CHECK (column IS NOT NULL)`. */
function columnNotNull(expression: Node | undefined): string | null {
  if (expression === undefined || !("NullTest" in expression) || expression.NullTest.nulltesttype !== "IS_NOT_NULL")
    return null;
  const { arg } = expression.NullTest;
  const field = arg !== undefined && "ColumnRef" in arg ? arg.ColumnRef.fields?.at(-1) : undefined;
  return field !== undefined && "String" in field ? (field.String.sval ?? null) : null;
}

function firstKey({ keys = [] }: Constraint): string | null {
  const [key] = keys;
  return key !== undefined && "String" in key ? (key.String.sval ?? null) : null;
}

/** Functions with the same value for all rows of a statement. Others are taken as volatile. */
const STABLE_FUNCTIONS = new Set([
  "now",
  "transaction_timestamp",
  "statement_timestamp",
  "lower",
  "upper",
  "coalesce",
  "date_trunc",
  "to_char",
  "make_date",
  "make_interval",
  "current_setting",
  "jsonb_build_object",
  "jsonb_build_array",
  "json_build_object",
  "array",
  "md5",
  "concat",
  "timezone",
  "date_part",
]);

function isVolatile(expression: unknown): boolean {
  if (typeof expression !== "object" || expression === null) return false;
  if ("FuncCall" in expression) {
    const names = (expression.FuncCall as { funcname?: Node[] }).funcname ?? [];
    const last = names.at(-1);
    if (last === undefined || !("String" in last) || !STABLE_FUNCTIONS.has(last.String.sval ?? "")) return true;
  }
  return Object.values(expression).some(isVolatile);
}
