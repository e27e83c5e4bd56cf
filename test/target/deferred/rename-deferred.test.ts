import { describe, expect, it } from "vitest";
import { renamedForeignKey } from "../../../src/target/deferred/rename-deferred.ts";

const renames = { schema: "public", from: "people", to: "Persons", columns: new Map([["mail", "e-mail"]]) };

describe("a saved foreign key", () => {
  it("follows renames of the referenced table and column", () => {
    expect(
      renamedForeignKey("FOREIGN KEY (mail) REFERENCES people(mail) ON DELETE CASCADE NOT VALID", {
        own: false,
        renames,
      }),
    ).toBe('FOREIGN KEY (mail) REFERENCES "public"."Persons"("e-mail") ON DELETE CASCADE NOT VALID');
    expect(renamedForeignKey('FOREIGN KEY (a, b) REFERENCES public."people"(x, mail)', { own: false, renames })).toBe(
      'FOREIGN KEY (a, b) REFERENCES "public"."Persons"(x, "e-mail")',
    );
  });

  it("follows a rename of its own column", () => {
    expect(renamedForeignKey("FOREIGN KEY (mail) REFERENCES others(mail)", { own: true, renames })).toBe(
      'FOREIGN KEY ("e-mail") REFERENCES others(mail)',
    );
  });

  it("of other tables is unchanged", () => {
    const other = 'FOREIGN KEY (mail) REFERENCES app."people (old)"(mail) DEFERRABLE';
    expect(renamedForeignKey(other, { own: false, renames })).toBe(other);
  });
});
