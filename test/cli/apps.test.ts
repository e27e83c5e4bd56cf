import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readAppPresets } from "../../src/app-preset.ts";
import { renderCutover } from "../../src/cli/render-cutover.ts";
import { loadConfig } from "../../src/config.ts";
import { fileSchema } from "../../src/config-schema.ts";
import { temporaryDirectory } from "../support/source.ts";

describe("presets of applications", () => {
  it.each(readAppPresets().map((preset) => [preset.name, preset] as const))("%s is right", (_, preset) => {
    expect(fileSchema.safeParse(preset.config).error).toBeUndefined();
    expect(Object.keys(preset).sort()).toEqual(
      ["config", "name", "notes", "proved", "restart", "setting", "smokeTest", "sources", "title"].sort(),
    );
    for (const text of [preset.title, preset.setting, preset.restart, preset.smokeTest]) expect(text).toMatch(/\S/);
    expect(preset.sources.length).toBeGreaterThan(0);
    for (const source of preset.sources) expect(source).toMatch(/^https:\/\//);
    for (const { on } of preset.proved) expect(on).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it("come behind the config file and flags", async () => {
    const directory = temporaryDirectory();
    const preset = await loadConfig({ app: "django" }, {}, directory);
    expect([preset.schemaCommand, preset.rules.seeded, preset.profile]).toEqual([
      "python manage.py migrate --noinput",
      "merge",
      "django",
    ]);
    writeFileSync(join(directory, "changeover.config.json"), JSON.stringify({ app: "django", seeded: "keep" }));
    const config = await loadConfig({ profile: "plain" }, {}, directory);
    expect([config.app?.name, config.rules.seeded, config.profile]).toEqual(["django", "keep", "plain"]);
    await expect(loadConfig({ app: "djangoo" }, {}, directory)).rejects.toMatchObject({ code: "APP_UNKNOWN" });
  });

  it("say after the cutover what to change, to restart and to try", () => {
    const [app = null] = readAppPresets();
    const result = {
      cutOverAt: null,
      isRepeated: false,
      downtimeMs: 5,
      verified: { rows: 1, differences: 0 },
      phase: "cut-over" as const,
      timeline: [],
      brokenForeignKeys: [],
      failback: false,
      notices: [],
    };
    const text = renderCutover(result, { app, embeddedUrl: null, leftOut: 0, quarantined: 0 });
    expect(text).toContain(`Restart ${app?.restart}. Then try: ${app?.smokeTest}`);
  });
});
