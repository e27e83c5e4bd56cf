import { lackingFindings } from "../../contract/lacking.ts";
import type { CatalogueTable } from "../../model/catalogue.ts";
import type { Notice } from "../../model/left-out.ts";
import type { Finding, SchemaProposal } from "../../model/proposal.ts";
import type { Rules } from "../../model/rules.ts";
import type { SourceSchema } from "../../model/source-schema.ts";
import { isMendable, isThere, type StructureObject } from "../../model/structure.ts";
import { NOTICE_RULES, noticesOf, objectOfFinding } from "../../plan/notices.ts";
import { proposeOthers } from "../../plan/propose/propose-others.ts";
import { schemaObjects } from "../../plan/schema-objects.ts";
import { plain } from "../findings.ts";

export interface ResyncedTable {
  readonly table: string;
  /** What would be proposed for this table alone. */
  readonly proposal: SchemaProposal;
  readonly schema: SourceSchema;
  readonly target: CatalogueTable;
  readonly structure: readonly StructureObject[];
  readonly rules: Rules;
}

/** What of a table that is brought in line again does not come over: the cutover asks about what is new. */
export function resyncNotices({ proposal, rules, schema, structure, table, target }: ResyncedTable): Notice[] {
  const triggers = schema.triggers.filter((trigger) => trigger.table === table);
  const planned: Finding[] = [
    // A foreign key's other table is not looked at here; what it lacks, the target's own constraint says.
    ...proposal.findings.filter(({ code }) => NOTICE_RULES[code].change === "note" || !isOfForeignKey(code)).map(plain),
    ...proposeOthers({ ...schema, triggers, skipped: [] }, []).findings,
  ];
  const lacking = lackingFindings(schemaObjects(proposal), structure, new Map([[table, target]]));
  return noticesOf([...planned, ...lacking], rules).filter(
    (notice) => !(isMendable(notice, notice.change) && isThere(notice, structure)),
  );
}

function isOfForeignKey(code: Finding["code"]): boolean {
  return objectOfFinding({ code, severity: "info", table: "", message: "", hint: "" })?.kind === "foreign-key";
}
