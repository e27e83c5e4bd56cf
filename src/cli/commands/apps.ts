import { type AppPreset, appPreset, readAppPresets } from "../../app-preset.ts";
import type { RunVerb } from "../run-command.ts";

export const run: RunVerb = async ({ output, positional }) => {
  const [name] = positional;
  if (name !== undefined) {
    const preset = appPreset(name);
    output.result(renderPreset(preset), { ok: true, app: preset });
    return 0;
  }
  const apps = readAppPresets();
  const width = Math.max(...apps.map((preset) => preset.name.length));
  const lines = apps.map((preset) => `${preset.name.padEnd(width)}  ${preset.title}, ${provedWords(preset)}`);
  output.result(`${lines.join("\n")}\n\`changeover apps NAME\` shows one; --app NAME takes it`, { ok: true, apps });
  return 0;
};

function renderPreset(preset: AppPreset): string {
  const { config, notes, restart, setting, smokeTest, sources, title } = preset;
  return [
    `${title}, ${provedWords(preset)}`,
    ...Object.entries(config).map(
      ([name, value]) => `  ${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
    ),
    `  change:     ${setting}`,
    `  restart:    ${restart}`,
    `  smoke test: ${smokeTest}`,
    ...(notes === null ? [] : [`  note:       ${notes}`]),
    ...sources.map((source) => `  see:        ${source}`),
  ].join("\n");
}

function provedWords({ proved }: AppPreset): string {
  if (proved.length === 0) return "not proved by a run of its own tests yet";
  return `proved on ${proved.map(({ on, version }) => `${on}, version ${version}`).join("; ")}`;
}
