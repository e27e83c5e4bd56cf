// Takes known mends of the translation back, one at a time, in a copy of the source, and shows after how many
// comparisons test/translation-fuzz finds each. Ends with 1 where one is not found.
//   node scripts/translation-mutants.mjs [PART OF A NAME …]
// @ts-check
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const COUNT = "20000";

/**
 * What is undone, in which file of src/plan/translate, what stands there, and what stands there then.
 * @type {readonly (readonly [name: string, file: string, from: string, to: string])[]}
 */
const MUTANTS = [
  [
    "IS TRUE as = 1",
    "translate-expression.ts",
    "  const tested = condition(value);\n",
    '  const tested = isInteger(value) ? typed(`${operand(value, RANGE)} = 1`, "boolean", COMPARE, [value]) : ' +
      "condition(value);\n",
  ],
  [
    "collation ignored in IN lists",
    "translate-in.ts",
    '    return compare(value, { ...item, affinity: "none", collation: null }, "=");',
    '    return compare({ ...value, collation: null, explicit: false }, { ...item, affinity: "none", collation: ' +
      'null }, "=");',
  ],
  [
    "items' own collation counts in IN lists",
    "translate-in.ts",
    'return compare(value, { ...item, affinity: "none", collation: null }, "=");',
    'return compare(value, { ...item, affinity: "none" }, "=");',
  ],
  [
    "collation ignored in IN subqueries",
    "translate-subquery.ts",
    'compare(value, { ...item, sql: "y" }, "=")',
    'compare({ ...value, collation: null, explicit: false }, { ...item, sql: "y", collation: null, explicit: ' +
      'false }, "=")',
  ],
  [
    "collation ignored in DISTINCT",
    "translate-select.ts",
    '  if (isDistinct) for (const output of outputs) requireSameEquality(output, "tells rows apart by");',
    '  if (isDistinct) for (const output of outputs) requireSameEquality({ ...output, collation: null }, "tells ' +
      'rows apart by");',
  ],
  [
    "COLLATE within ignored in DISTINCT",
    "translate-select.ts",
    '  if (isDistinct) for (const output of outputs) requireSameEquality(output, "tells rows apart by");',
    "  if (isDistinct) for (const output of outputs) requireSameEquality({ ...output, isCollatedWithin: false }, " +
      '"tells rows apart by");',
  ],
  [
    "collation ignored in UNION, EXCEPT, INTERSECT",
    "translate-select.ts",
    'requireSameEquality(output, "tells rows apart by");\n  if (\n',
    'requireSameEquality({ ...output, collation: null }, "tells rows apart by");\n  if (\n',
  ],
  [
    "collation ignored in count(DISTINCT)",
    "translate-aggregate.ts",
    'requireSameEquality(value, "counts")',
    'requireSameEquality({ ...value, collation: null }, "counts")',
  ],
  [
    "collation ignored in GROUP BY",
    "order-and-group.ts",
    'requireSameEquality(term, "groups")',
    'requireSameEquality({ ...term, collation: null }, "groups")',
  ],
  [
    "collation ignored in min() and max()",
    "translate-aggregate.ts",
    'if ((value.collation ?? "BINARY") !== "BINARY" || value.isCollatedWithin === true)',
    "if (value.isCollatedWithin === true)",
  ],
  [
    "collation ignored in comparisons and joins",
    "collation.ts",
    '  return says.find((piece) => piece.collation !== null)?.collation ?? "BINARY";',
    '  return says.find((piece) => piece.explicit === true)?.collation ?? "BINARY";',
  ],
  [
    "a quoted alias is a string",
    "query-scope.ts",
    "  const names = make((name) => {\n    const expression = aliased(results, name);",
    "  const names = make((name) => {\n    const expression = results.length > 99 ? aliased(results, name) : null;",
  ],
  [
    "storage classes by PostgreSQL's type only",
    "column-traits.ts",
    "    classes: classesOf(type, affinity, profile),",
    "    classes: OWN_CLASSES[family],",
  ],
  [
    "typeof() of texts in BLOB columns, length() too",
    "column-traits.ts",
    "      return OWN_CLASSES[family] | seen;",
    '      return OWN_CLASSES[family] | (family === "bytea" ? 0 : seen);',
  ],
  [
    "untyped columns: numbers among texts",
    "column-traits.ts",
    "      return OWN_CLASSES[family] | seen;",
    '      return OWN_CLASSES[family] | (family === "text" ? 0 : seen);',
  ],
  [
    "DECIMAL divided as integer or real",
    "translate-arithmetic.ts",
    '  if (operator === "/" && !isReal)\n    throw',
    '  if (operator === "/" && !isReal && left.family !== "numeric")\n    throw',
  ],
  [
    "integers: no 64-bit guard",
    "translate-arithmetic.ts",
    "  if (!fitsInteger(range))\n    throw",
    "  if (range !== null && !Number.isFinite(range[0]))\n    throw",
  ],
  ["sums have no range", "translate-aggregate.ts", "[0, SUMMED_ROWS]", "[0, 0]"],
  [
    "reals beside integers of more than 53 bits",
    "translate-comparison.ts",
    "if (isRounded && !fitsDouble(piece.range))",
    "if (isRounded && piece.range === null)",
  ],
  [
    "affinity ignored between texts and numbers",
    "translate-comparison.ts",
    "  if (!isNumericAffinity(affinity)) return;\n  for",
    '  if (affinity !== "unclear") return;\n  for',
  ],
  [
    "dates written in several ways",
    "column-traits.ts",
    "      return isoDates > 0 || zonedTimestamps > 0;",
    "      return zonedTimestamps > 0;",
  ],
  [
    "sums of integers are divided as numeric",
    "translate-aggregate.ts",
    '      ...typed(`${over("sum", number.sql)}::bigint`, "integer"),',
    '      ...typed(over("sum", number.sql), "integer"), ',
  ],
  [
    "a CHECK's cast fails where OR is NULL",
    "translate-expression.ts",
    " is not false then true else ",
    " then true else ",
  ],
];

const root = fileURLToPath(new URL("..", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "changeover-mutants-"));
const wanted = process.argv.slice(2);
let missed = 0;
try {
  for (const part of ["src", "sql", "test", "migrations", "package.json", "tsconfig.json", "vitest.config.ts"])
    cpSync(join(root, part), join(home, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"));
  for (const [name, file, from, to] of MUTANTS) {
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
    const path = join(home, "src/plan/translate", file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`${name}: ${file} has changed, and the mutant must, too`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
    const found = fuzz();
    writeFileSync(path, text);
    if (found === null) missed += 1;
    console.log(`${name}: ${found === null ? "NOT FOUND" : `found after ${found}`}`);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
process.exit(missed === 0 ? 0 : 1);

/** After how many comparisons a difference was found. */
function fuzz() {
  const { stdout, stderr } = spawnSync("npx", ["vitest", "run", "--project", "long", "translations-fuzz.long"], {
    cwd: home,
    env: { ...process.env, FUZZ_COUNT: COUNT, FUZZ_STOP: "1" },
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return /after (\d+): expected/.exec(stdout + stderr)?.[1] ?? null;
}
