import { copySmallTables, type SmallTable } from "../copy/copy-small-tables.ts";
import { copyTable } from "../copy/copy-table.ts";
import { checkViolations } from "../inspect/find-check-violations.ts";
import { foreignKeyOrphans } from "../inspect/foreign-key-orphans.ts";
import { profileTable } from "../inspect/profile-table.ts";
import type { CheckViolations } from "../model/check-violations.ts";
import type { ForeignKeyOrphans } from "../model/foreign-key.ts";
import type { TableMapping } from "../model/mapping.ts";
import type { TableProfile } from "../model/profile.ts";
import type { TableState } from "../model/run.ts";
import type { SourceSchema, SourceTable } from "../model/source-schema.ts";
import type { TextFormat } from "../rows/text-formats.ts";
import type { Source } from "../source/source.ts";
import type { TableProgress } from "../target/store/verification-store.ts";
import type { TargetSession } from "../target/target.ts";
import type { Work } from "../throttle/throttle-policy.ts";
import { type PartDigest, partDigest, type TablePart } from "../verify/part-digest.ts";
import { type TableVerification, verifyTable } from "../verify/verify-run.ts";
import { verifySmallTables } from "../verify/verify-small-tables.ts";

/** Where a job is done: in this process, or in one of several next to it. */
export interface Place {
  readonly source: Source;
  session(): Promise<TargetSession>;
  /** Another one, for a job that has use for two. */
  auxiliary(): Promise<TargetSession>;
  readonly signal: AbortSignal;
}

/** Work on one table. Input, calls and results can be sent from process to process. */
export interface Jobs {
  readonly copy: { readonly input: CopyInput; readonly calls: CopyCalls; readonly result: "done" | "wanted" };
  readonly copySmall: {
    readonly input: CopySmallInput;
    readonly calls: Pick<CopyCalls, "onRows" | "rest">;
    readonly result: readonly number[];
  };
  readonly verify: { readonly input: VerifyInput; readonly calls: VerifyCalls; readonly result: TableVerification };
  readonly verifySmall: {
    readonly input: VerifySmallInput;
    readonly calls: Pick<VerifyCalls, "onRows" | "rest">;
    readonly result: readonly TableVerification[];
  };
  readonly verifyPart: {
    readonly input: VerifyPartInput;
    readonly calls: Pick<VerifyCalls, "onRows" | "rest">;
    readonly result: PartDigest | null;
  };
  readonly profile: { readonly input: ProfileInput; readonly calls: NoCalls; readonly result: TableProfile };
  readonly violations: { readonly input: ViolationsInput; readonly calls: NoCalls; readonly result: CheckViolations[] };
  readonly orphans: { readonly input: OrphansInput; readonly calls: NoCalls; readonly result: ForeignKeyOrphans[] };
}

export type JobName = keyof Jobs;
export type JobInput<Name extends JobName> = Jobs[Name]["input"];
/** What a job asks or tells the one that gave it. What is told has a name with `on`: it is not waited for. */
export type JobCalls<Name extends JobName> = Jobs[Name]["calls"];
export type JobResult<Name extends JobName> = Jobs[Name]["result"];

export interface CopyInput {
  readonly run: string;
  readonly mapping: TableMapping;
  readonly state: TableState;
  readonly loggedSince: bigint | null;
  readonly maxRows: number | null;
}

export interface CopyCalls {
  readonly onRows: (rows: number, bytes: number) => void;
  /** Says whether it rested. */
  readonly rest: (work: Work) => Promise<boolean>;
  readonly isWanted: () => Promise<boolean>;
}

export interface CopySmallInput {
  readonly run: string;
  readonly tables: readonly SmallTable[];
}

export interface VerifyInput {
  readonly run: string;
  readonly mapping: TableMapping;
  readonly captured: boolean;
  readonly rowidsDropped: boolean;
  readonly tooFarBehind: bigint;
  readonly byPages: boolean;
  /** How far an interrupted comparison was, null if not begun; undefined where nothing is kept of this one. */
  readonly known?: TableProgress | null;
}

export type VerifySmallInput = Omit<VerifyInput, "mapping" | "known"> & { readonly mappings: readonly TableMapping[] };

export interface VerifyPartInput {
  readonly run: string;
  readonly mapping: TableMapping;
  readonly captured: boolean;
  readonly part: TablePart;
}

export interface VerifyCalls {
  readonly onRows: (table: string, rows: number) => void;
  /** Says whether it rested. */
  readonly rest: (work: Work) => Promise<boolean>;
  readonly whileBehind: () => Promise<void>;
  readonly save: (progress: TableProgress) => Promise<void>;
}

export type NoCalls = Readonly<Record<string, never>>;

export interface ProfileInput {
  readonly table: SourceTable;
  readonly encoding: SourceSchema["encoding"];
  /** Forms of texts to count, by column. */
  readonly formats: Readonly<Record<string, readonly TextFormat[]>>;
}

export interface ViolationsInput {
  readonly table: SourceTable;
}

export interface OrphansInput {
  readonly schema: SourceSchema;
  readonly table: string;
  /** Of the foreign keys to look at. */
  readonly positions: readonly number[];
}

const JOBS: {
  readonly [Name in JobName]: (place: Place, input: JobInput<Name>, calls: JobCalls<Name>) => Promise<JobResult<Name>>;
} = {
  copy: async (place, input, { onRows, rest, isWanted }) =>
    copyTable(place.source, await place.session(), { ...input, signal: place.signal, onRows, rest, isWanted }),
  copySmall: async (place, input, calls) =>
    copySmallTables(place.source, await place.session(), { ...input, ...calls }),
  verify: async (place, { known, mapping, ...input }, { save, ...calls }) =>
    verifyTable(
      {
        ...input,
        ...calls,
        source: place.source,
        session: await place.session(),
        auxiliary: await place.auxiliary(),
        signal: place.signal,
        ...(known === undefined ? {} : { progress: { of: () => known, save: (_, progress) => save(progress) } }),
      },
      mapping,
    ),
  verifySmall: async (place, { mappings, ...input }, calls) =>
    verifySmallTables(
      { ...input, ...calls, source: place.source, session: await place.session(), signal: place.signal },
      mappings,
    ),
  verifyPart: async (place, { mapping, part, ...input }, calls) =>
    partDigest(
      {
        ...input,
        ...calls,
        tooFarBehind: 0n,
        source: place.source,
        session: await place.session(),
        signal: place.signal,
      },
      mapping,
      part,
    ),
  profile: (place, { table, ...options }) => profileTable(place.source, table, { ...options, signal: place.signal }),
  violations: (place, { table }) => checkViolations(place.source, table),
  orphans: (place, { schema, ...only }) => foreignKeyOrphans(place.source, schema, only),
};

/** Does a job. */
export function doJob<Name extends JobName>(
  name: Name,
  place: Place,
  input: JobInput<Name>,
  calls: JobCalls<Name>,
): Promise<JobResult<Name>> {
  return JOBS[name](place, input, calls);
}
