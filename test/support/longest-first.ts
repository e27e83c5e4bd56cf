import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Whole journeys wait for other processes, and the longest of them are no large files. Begun last, they would run alone
 * while all other workers have ended. Vitest knows only sizes where no earlier run is remembered, as on a fresh clone.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => /\/test\/(scenario|docs\/tutorial)|every-step/.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
