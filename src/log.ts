/** Where a running phase reports what happens. The library never prints; `cli/` does. */
export type Report = (event: ReportEvent) => void;

export type ReportEvent =
  | { readonly kind: "step"; readonly message: string }
  | {
      readonly kind: "progress";
      readonly phase: string;
      readonly done: number;
      readonly total: number;
      readonly unit: string;
      readonly detail?: string;
    }
  | { readonly kind: "warning"; readonly message: string };

export const silent: Report = () => {};
