import type {
  AlterTable,
  ColumnConstraint,
  ColumnDefinition,
  ConflictAction,
  CreateTable,
  CreateTrigger,
  Deferral,
  Delete,
  Insert,
  References,
  Statement,
  TableConstraint,
  Update,
} from "../../src/sqlite-sql/ast.ts";
import {
  opt,
  printColumns,
  printExpression,
  printFrom,
  printIndexed,
  printName,
  printQualified,
  printReturning,
  printSelect,
  printSet,
  printTail,
  printTarget,
  printTerms,
  printType,
  printUpsert,
  printWith,
} from "./print.ts";

const where = (condition: Update["where"]) => opt(condition, (value) => ` WHERE ${printExpression(value)}`);
const unless = (exists: boolean) => (exists ? "IF NOT EXISTS " : "");
const temp = (temporary: boolean) => (temporary ? "TEMP " : "");

export function print(node: Statement): string {
  switch (node.kind) {
    case "select":
      return printSelect(node);
    case "insert":
      return printInsert(node);
    case "update":
      return printUpdate(node);
    case "delete":
      return printDelete(node);
    case "createTable":
      return printTable(node);
    case "createIndex":
      return (
        `CREATE ${node.unique ? "UNIQUE " : ""}INDEX ${unless(node.ifNotExists)}${printQualified(node.index)} ` +
        `ON ${printName(node.table)} (${printTerms(node.terms)})${where(node.where)}`
      );
    case "createView":
      return (
        `CREATE ${temp(node.temporary)}VIEW ` +
        `${unless(node.ifNotExists)}${printQualified(node.view)}${printColumns(node.columns)} AS ` +
        `${printSelect(node.select)}`
      );
    case "createTrigger":
      return printTrigger(node);
    case "createVirtualTable":
      return (
        `CREATE VIRTUAL TABLE ${unless(node.ifNotExists)}${printQualified(node.table)} ` +
        `USING ${printName(node.module)}${opt(node.args, (args) => `(${args.join(",")})`)}`
      );
    case "alterTable":
      return `ALTER TABLE ${printQualified(node.table)} ${printChange(node.change)}`;
    case "drop":
      return `DROP ${node.what} ${node.ifExists ? "IF EXISTS " : ""}${printQualified(node.name)}`;
    case "begin":
      return `BEGIN ${node.mode ?? ""}`;
    case "commit":
      return "COMMIT";
    case "rollback":
      return `ROLLBACK${opt(node.savepoint, (name) => ` TO ${printName(name)}`)}`;
    case "savepoint":
      return `SAVEPOINT ${printName(node.name)}`;
    case "release":
      return `RELEASE SAVEPOINT ${printName(node.name)}`;
    case "attach":
      return (
        `ATTACH (${printExpression(node.file)}) AS ` +
        `(${printExpression(node.schema)})${opt(node.key, (key) => ` KEY ${printExpression(key)}`)}`
      );
    case "detach":
      return `DETACH (${printExpression(node.schema)})`;
    case "vacuum":
      return `VACUUM ${opt(node.schema, printName)}${opt(node.into, (file) => ` INTO ${printExpression(file)}`)}`;
    case "analyze":
    case "reindex":
      return `${node.kind.toUpperCase()} ${opt(node.name, printQualified)}`;
    case "pragma": {
      const value = opt(node.value, (text) =>
        /^-?[\w.]+(e[-+]\w+)?$/i.test(text) ? text : `"${text.replaceAll('"', '""')}"`,
      );
      return (
        `PRAGMA ${printQualified(node.name)}` +
        (node.form === null ? "" : node.form === "=" ? ` = ${value}` : `(${value})`)
      );
    }
    case "createFunction":
      return (
        `CREATE FUNCTION ${unless(node.ifNotExists)}${printName(node.name)} LANGUAGE ` +
        `${printName(node.language)} AS ${printName(node.body)}`
      );
    case "dropFunction":
      return `DROP FUNCTION ${node.ifExists ? "IF EXISTS " : ""}${printName(node.name)}`;
    case "explain":
      return `EXPLAIN ${node.queryPlan ? "QUERY PLAN " : ""}${print(node.statement)}`;
  }
}

function printInsert(node: Insert): string {
  const or = opt(node.or, (action) => ` OR ${action}`);
  const columns = opt(node.columns, (names) => ` (${names.map(printName).join(", ")})`);
  const source = node.source === null ? "DEFAULT VALUES" : printSelect(node.source);
  return (
    `${printWith(node.with)}${node.verb}${or} INTO ${printTarget(node.target)}${columns} ` +
    `${source}${node.upserts.map(printUpsert).join("")}${printReturning(node.returning)}`
  );
}

function printUpdate(node: Update): string {
  const or = opt(node.or, (action) => ` OR ${action}`);
  const from = opt(node.from, (tables) => ` FROM ${printFrom(tables)}`);
  return (
    `${printWith(node.with)}UPDATE${or} ${printTarget(node.target)}${printIndexed(node.indexed)} SET ` +
    `${printSet(node.set)}${from}${where(node.where)}${printReturning(node.returning)}` +
    `${printTail(node.orderBy, node.limit)}`
  );
}

function printDelete(node: Delete): string {
  return (
    `${printWith(node.with)}DELETE FROM ` +
    `${printTarget(node.target)}${printIndexed(node.indexed)}${where(node.where)}` +
    `${printReturning(node.returning)}${printTail(node.orderBy, node.limit)}`
  );
}

function printTable({ temporary, ifNotExists, table, content }: CreateTable): string {
  const head = `CREATE ${temp(temporary)}TABLE ${unless(ifNotExists)}${printQualified(table)}`;
  if (content.kind === "as") return `${head} AS ${printSelect(content.select)}`;
  const columns = content.columns.map(printDefinition).join(", ");
  // A name of a constraint stands by itself before it, without a comma.
  const constraints = content.constraints.map(printTableConstraint).join(" ");
  return `${head} (${columns}${constraints === "" ? "" : `, ${constraints}`}) ${content.options.join(", ")}`;
}

function printDefinition({ name, type, constraints }: ColumnDefinition): string {
  return [printName(name), opt(type, printType), ...constraints.map(printConstraint)].join(" ");
}

const onConflict = (action: ConflictAction | null) => opt(action, (value) => ` ON CONFLICT ${value}`);

function printConstraint(node: ColumnConstraint): string {
  switch (node.kind) {
    case "constraint":
      return `CONSTRAINT ${printName(node.name)}`;
    case "default":
      return node.form === "expression"
        ? `DEFAULT (${printExpression(node.value)})`
        : "DEFAULT " +
            (node.value.kind === "unary"
              ? `${node.value.operator} ${printExpression(node.value.operand)}`
              : printExpression(node.value));
    case "null":
      return `NULL${onConflict(node.conflict)}`;
    case "notNull":
      return `NOT NULL${onConflict(node.conflict)}`;
    case "primaryKey":
      return (
        "PRIMARY KEY " +
        `${node.direction ?? ""}${onConflict(node.conflict)}${node.autoincrement ? " AUTOINCREMENT" : ""}`
      );
    case "unique":
      return `UNIQUE${onConflict(node.conflict)}`;
    case "check":
      return `CHECK (${printExpression(node.expression)})`;
    case "references":
      return printReferences(node);
    case "deferral":
      return printDeferral(node);
    case "collate":
      return `COLLATE ${printName(node.collation)}`;
    case "generated":
      return `GENERATED ALWAYS AS (${printExpression(node.expression)}) ${opt(node.storage, printName)}`;
  }
}

function printTableConstraint(node: TableConstraint): string {
  switch (node.kind) {
    case "constraint":
      return `CONSTRAINT ${printName(node.name)}`;
    case "primaryKey":
      return (
        "PRIMARY KEY " +
        `(${printTerms(node.terms)}${node.autoincrement ? " AUTOINCREMENT" : ""})${onConflict(node.conflict)}`
      );
    case "unique":
      return `UNIQUE (${printTerms(node.terms)})${onConflict(node.conflict)}`;
    case "check":
      return `CHECK (${printExpression(node.expression)})${onConflict(node.conflict)}`;
    case "foreignKey":
      return (
        `FOREIGN KEY${printColumns(node.columns)} ${printReferences(node.references)} ` +
        `${opt(node.deferral, printDeferral)}`
      );
  }
}

function printReferences({ table, columns, args }: References): string {
  const printed = args.map((arg) =>
    arg.kind === "match" ? ` MATCH ${printName(arg.name)}` : ` ON ${arg.event} ${arg.action}`,
  );
  return `REFERENCES ${printName(table)}${printColumns(columns)}${printed.join("")}`;
}

function printDeferral({ not, initially }: Deferral): string {
  return `${not ? "NOT " : ""}DEFERRABLE${opt(initially, (when) => ` INITIALLY ${when}`)}`;
}

function printTrigger(node: CreateTrigger): string {
  const columns = opt(node.columns, (names) => ` OF ${names.map(printName).join(", ")}`);
  const when = opt(node.when, (condition) => ` WHEN ${printExpression(condition)}`);
  return (
    `CREATE ${temp(node.temporary)}TRIGGER ${unless(node.ifNotExists)}${printQualified(node.trigger)} ` +
    `${node.time ?? ""} ${node.event}${columns} ON ` +
    `${printQualified(node.table)}${node.forEachRow ? " FOR EACH ROW" : ""}${when} ` +
    `BEGIN ${node.steps.map((step) => `${print(step)};`).join(" ")} END`
  );
}

function printChange(change: AlterTable["change"]): string {
  switch (change.kind) {
    case "renameTable":
      return `RENAME TO ${printName(change.to)}`;
    case "renameColumn":
      return `RENAME COLUMN ${printName(change.column)} TO ${printName(change.to)}`;
    case "addColumn":
      return `ADD COLUMN ${printDefinition(change.column)}`;
    case "dropColumn":
      return `DROP COLUMN ${printName(change.column)}`;
    case "alterColumn":
      return `ALTER COLUMN ${printName(change.column)} TO ${printDefinition(change.to)}`;
  }
}
