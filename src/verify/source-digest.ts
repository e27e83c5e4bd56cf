import { InterruptedError } from "../errors.ts";
import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import { lastLogged } from "../rows/log-entries.ts";
import { PageSize } from "../rows/page-size.ts";
import { renderLoggedKeys } from "../rows/render-logged-keys.ts";
import { readSchemaVersion } from "../source/schema-version.ts";
import type { SourceReader } from "../source/source.ts";
import type { CanonicalPages } from "./canonical-pages.ts";
import type { KeyRange } from "./key-range.ts";
import { addDigests, EMPTY_DIGEST, type RangeDigest } from "./range-digest.ts";
import type { ReadHashes } from "./read-hashes.ts";
import { type DigestedPage, StoredPages } from "./stored/stored-pages.ts";
import type { VerifyOptions } from "./verify-options.ts";

const FIRST_PAGE = 500;
const MAX_ROWS = 20_000;
const ALL: KeyRange = { after: null, upTo: null };

export interface SourceSide {
  readonly digest: RangeDigest;
  readonly pending: number;
  /** Keys that are logged after the watermark, as COPY lines; null if none are. */
  readonly logged: ArrayBuffer | null;
}

export interface SourceReading {
  readonly pages: CanonicalPages;
  readonly watermark: bigint;
  /** Default: the table. */
  readonly range?: KeyRange;
  /** Null where nothing is logged. */
  readonly read: ReadHashes | null;
}

/**
 * Null if rows got other rowids meanwhile, if a value has no canonical form, if more changes are pending than can be
 * left out, or if there is no room to remember what was read.
 */
export async function sourceDigest(
  options: VerifyOptions,
  mapping: TableMapping,
  { pages, range = ALL, read: seen, watermark }: SourceReading,
): Promise<SourceSide | null> {
  const { captured, onRows, rest, signal, source } = options;
  const size = new PageSize({ first: FIRST_PAGE, max: MAX_ROWS });
  const stored = StoredPages.of(mapping, { source, split: pages.split, order: pages.order, captured });
  const isHopeless = await hopelessness(options, watermark);
  let digest = EMPTY_DIGEST;
  let pending = 0;
  let { after } = range;
  const giveUp = () => {
    onRows?.(mapping.source, -digest.rows);
    return null;
  };
  for (;;) {
    if (signal?.aborted === true) throw new InterruptedError();
    const from: Tuple | null = after;
    const read: PageRead | "hopeless" | null = await source.read(async (reader) => {
      const started = performance.now();
      if (await isHopeless(reader)) return "hopeless";
      const rest = { ...range, after: from };
      const known = stored === null ? "unknown" : await stored.read(reader, rest, watermark);
      if (known !== "unknown") return known && { page: known, isStored: true, durationMs: performance.now() - started };
      const maxRows = Math.max(size.rows, pages.leastRows);
      const page = await pages.read(reader, rest, { maxRows, watermark, withKeys: false });
      return page && { page, isStored: false, durationMs: performance.now() - started };
    });
    if (read === "hopeless") return giveUp();
    if (read === null) break;
    const { page, isStored, durationMs } = read;
    if (!page.areKnown) return giveUp();
    digest = addDigests(digest, page.hashes);
    pending += page.pending;
    after = page.last;
    if (!isStored) size.learn({ rows: page.rows, durationMs });
    onRows?.(mapping.source, page.hashes.rows);
    if ((await seen?.add(page.hashes.keys)) === "no room") return giveUp();
    await rest?.({ rows: page.rows, durationMs });
  }
  if (!captured) return { digest, pending, logged: null };
  const logged = await source.read(async (reader) => {
    if (await isHopeless(reader)) return "hopeless";
    const [row] = await reader.rows(renderLoggedKeys(mapping), [watermark, await lastLogged(reader)]);
    return row?.[0] instanceof ArrayBuffer && row[0].byteLength > 0 ? row[0] : null;
  });
  return logged === "hopeless" ? giveUp() : { digest, pending, logged };
}

interface PageRead {
  readonly page: DigestedPage;
  /** From the file's pages, whose number is limited by itself. */
  readonly isStored: boolean;
  readonly durationMs: number;
}

/**
 * Says in a snapshot whether too much is pending, or the schema version moved: VACUUM may have given rows other rowids.
 */
async function hopelessness(
  { captured, source, tooFarBehind }: VerifyOptions,
  watermark: bigint,
): Promise<(reader: SourceReader) => Promise<boolean>> {
  if (!captured) return async () => false;
  const version = await source.read(readSchemaVersion);
  return async (reader) =>
    (await lastLogged(reader)) - watermark > tooFarBehind || (await readSchemaVersion(reader)) !== version;
}
