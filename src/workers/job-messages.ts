import type { SourceIdentity } from "../model/source-identity.ts";
import type { LockWait } from "../throttle/throttle.ts";
import type { LoadSignal } from "../throttle/throttle-policy.ts";
import type { ErrorMessage } from "./error-message.ts";
import type { JobName } from "./jobs.ts";

/** What the process of a job hears. */
export type ToJob =
  | {
      readonly kind: "open";
      readonly source: string;
      readonly identity: SourceIdentity;
      readonly target: string;
      readonly isRated: boolean;
    }
  | { readonly kind: "do"; readonly job: JobName; readonly input: unknown }
  | { readonly kind: "answer"; readonly call: number; readonly value: unknown }
  | { readonly kind: "refusal"; readonly call: number; readonly error: ErrorMessage }
  | { readonly kind: "rest" }
  | { readonly kind: "abort" };

/** What it says. `call` is null where no answer is waited for. */
export type FromJob =
  | { readonly kind: "call"; readonly call: number | null; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: "load-signal"; readonly loadSignal: LoadSignal | LockWait }
  | { readonly kind: "done"; readonly result: unknown }
  | { readonly kind: "failed"; readonly error: ErrorMessage };
