import { isDeepStrictEqual } from "node:util";
import { arrayElements } from "../../array-literal.ts";
import type { ArrayElement } from "../../model/mapping.ts";
import { TEXT_FORM } from "../canonical/text-form.ts";
import type { Codec, ConversionOf } from "../codec.ts";
import { escapeCopyText, shortestReal } from "../copy-text.ts";
import { isDecimalOf } from "../decimal.ts";
import { BECOMES_NUMBER, type Inverse, IRREGULAR, sameFormats, textValue } from "../inverse.ts";
import { isSameNormalForm } from "../normal-form.ts";
import { decodeUtf8, rawText } from "../raw-value.ts";

/** Arrays of one dimension: JSON arrays of texts, numbers or truths, and PostgreSQL's own `{a,b}`. */
export function arrayCodec({ element, type }: ConversionOf<"array">): Codec {
  return {
    description: type,
    isNumber: false,
    textFormats: [],
    encoder: {
      copyText: (c) =>
        `CASE WHEN ${looksLikeJson(c)} THEN ${escapeCopyText(`(${literalOf(c, element)})
          `)} ELSE ${escapeCopyText(c)} END`,
      rejected: (c) => `CASE typeof(${c}) WHEN 'null' THEN 0 WHEN 'text' THEN CASE WHEN ${looksLikeJson(c)}
        THEN ${hasOtherElement(c, element)} ELSE 0 END ELSE 1 END`,
      json: null,
      binary: null,
    },
    comparison: {
      matches(raw, targetText) {
        const text = rawText(raw);
        if (text === null) return false;
        const json = jsonArray(text);
        if (json === null) return isSameNormalForm(type, text, targetText);
        return element === "number" ? isSameNumbers(text, targetText) : isSameArrayAs(json, targetText, element);
      },
      canonical: TEXT_FORM,
    },
    inverse: inverse(element),
    merging: { isPossible: () => true, sameText: (_, copied) => copied },
  };
}

/** SQLite expression. Brackets open PostgreSQL's text only where bounds are given, as in `[2:3]={a,b}`. */
function looksLikeJson(c: string): string {
  return `substr(${c},1,1)='[' AND coalesce(json_valid(${c}),0)`;
}

/** The types of json_each() that an element may have. */
const ALLOWED: Readonly<Record<ArrayElement, string>> = {
  text: "'text','null'",
  number: "'integer','real','null'",
  boolean: "'true','false','null'",
  json: "'text','null','integer','real','true','false','array','object'",
};

function hasOtherElement(c: string, element: ArrayElement): string {
  return `EXISTS (SELECT 1 FROM json_each(${c}) AS e WHERE e.type NOT IN (${ALLOWED[element]}))`;
}

function literalOf(c: string, element: ArrayElement): string {
  const json = `CASE e.type WHEN 'text' THEN json_quote(e.value) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'
    WHEN 'real' THEN ${shortestReal("e.value")} ELSE e.value END`;
  const quoted = (text: string) => `'"'||replace(replace(${text},'\\','\\\\'),'"','\\"')||'"'`;
  const value =
    element === "json"
      ? quoted(json)
      : `CASE e.type WHEN 'text' THEN ${quoted("e.value")}
    WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'real' THEN ${shortestReal("e.value")} ELSE e.value END`;
  return `SELECT '{'||coalesce(group_concat(CASE e.type WHEN 'null' THEN 'NULL' ELSE ${value} END,','),'')||'}'
    FROM json_each(${c}) AS e`;
}

function jsonArray(text: string): readonly unknown[] | null {
  if (!text.startsWith("[")) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function isSameArrayAs(json: readonly unknown[], targetText: string, element: ArrayElement): boolean {
  const elements = arrayElements(targetText);
  if (elements === null || elements.length !== json.length) return false;
  return elements.every((text, index) => isDeepStrictEqual(jsonOf(text, element), json[index]));
}

/** Digit by digit, as JSON has them: more than a double holds. */
function isSameNumbers(json: string, targetText: string): boolean {
  const elements = arrayElements(targetText);
  const body = json.trim().slice(1, -1).trim();
  const tokens = body === "" ? [] : body.split(",").map((token) => token.trim());
  if (elements === null || elements.length !== tokens.length) return false;
  return elements.every((text, index) => {
    const token = tokens[index] ?? "";
    if (text === null || token === "null") return text === null && token === "null";
    return isSameNormalForm("numeric", token, text) || (/[.e]/i.test(token) && isDecimalOf(text, Number(token)));
  });
}

/** What PostgreSQL's text of an element is in JSON. */
function jsonOf(text: string | null, element: ArrayElement): unknown {
  if (text === null) return null;
  switch (element) {
    case "text":
      return text;
    case "number":
      return Number(text);
    case "boolean":
      return text === "t" || text === "true";
    case "json":
      return JSON.parse(text);
  }
}

/** `compact` or `spaced` JSON, or PostgreSQL's own `literal`. */
function inverse(element: ArrayElement): Inverse {
  return {
    formatOf(raw) {
      const text = raw.type === "text" ? decodeUtf8(raw.bytes) : null;
      if (text === null) return IRREGULAR;
      const json = jsonArray(text);
      if (json === null) return "literal";
      return text === JSON.stringify(json) ? "compact" : "spaced";
    },
    formats: () => ["compact", "literal"],
    write(targetText, format) {
      if (format === "literal") return textValue(targetText);
      const elements = arrayElements(targetText);
      if (elements === null || (format !== "compact" && format !== "spaced")) return null;
      const parts = elements.map((text) => written(text, element));
      return textValue(`[${parts.join(format === "compact" ? "," : ", ")}]`);
    },
    habit: sameFormats("array"),
    loss: BECOMES_NUMBER,
  };
}

/** Digits beyond those of a double stay as PostgreSQL wrote them. */
function written(text: string | null, element: ArrayElement): string {
  if (text === null) return "null";
  const value = Number(text);
  if (element === "number" && (/^-?\d+$/.test(text) || !isDecimalOf(text, value))) return text;
  return JSON.stringify(jsonOf(text, element));
}
