import type { TableMapping } from "../model/mapping.ts";
import { BINARY_BEGIN, BINARY_END } from "../rows/encode/copy-binary-of-json.ts";
import type { CopyFormat } from "../rows/encode/copy-format.ts";
import type { CopyIn, TargetTransaction } from "../target/target.ts";
import type { PageWriter } from "./copy-row-by-row.ts";
import { copyStatement } from "./copy-statement.ts";

/** One COPY for all pages of a transaction, as long as they are of one format. */
export function copyStream(tx: TargetTransaction, mapping: TableMapping): PageWriter {
  let under: { readonly format: CopyFormat; readonly copy: CopyIn } | null = null;
  const finish = async () => {
    if (under?.format === "binary") await under.copy.write(BINARY_END);
    await under?.copy.finish();
    under = null;
  };
  return {
    async write({ data, format }) {
      if (under?.format !== format) {
        await finish();
        under = { format, copy: await tx.copyIn(copyStatement(mapping, format)) };
        if (format === "binary") await under.copy.write(BINARY_BEGIN);
      }
      await under.copy.write(data);
    },
    finish,
  };
}
