import { countingColumns, failbackLimits } from "../failback/limits.ts";
import { expressionsBehindModule } from "../failback/through-module.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { Run } from "../model/run.ts";
import type { Context } from "../run/context.ts";

/** Whether a failback can be enabled. What could not go back is reported while one can still think about it. */
export async function canFailBack(context: Context, run: Run): Promise<boolean> {
  const warn = (message: string) => context.report({ kind: "warning", message });
  const { tables } = await context.source.read(readSchema);
  for (const mapping of run.mappings) {
    const table = tables.find(({ name }) => name === mapping.source);
    if (table === undefined) continue;
    const behind = expressionsBehindModule(mapping, table);
    if (behind.length > 0) {
      warn(
        `no failback: a rule's expression makes ${behind.join(", ")} of the rows of the virtual table ` +
          `${table.virtual?.name ?? ""}, which can then not be written`,
      );
      return false;
    }
    for (const limit of failbackLimits(mapping, table, await countingColumns(context.source, mapping)))
      warn(`failback: table ${mapping.source}: ${limit}`);
  }
  return true;
}
