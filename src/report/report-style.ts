/** The report's look on a screen and on paper. */
export const REPORT_STYLE = `
:root { color-scheme: light; }
body { margin: 0; color: #16202c; background: #fff; font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 900px; margin: 0 auto; padding: 24px 16px; }
h1 { font-size: 1.5rem; margin: 0 0 4px; }
h2 { font-size: 1.1rem; margin: 28px 0 8px; border-bottom: 1px solid #cfd4da; padding-bottom: 4px; }
.dim { color: #55606e; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 8px; margin: 0; }
dt { color: #55606e; font-size: .85rem; }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; }
th, td { text-align: left; padding: 4px 8px 4px 0; border-bottom: 1px solid #e3e6ea; vertical-align: top;
  overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 12px 0; break-inside: avoid; }
figcaption { color: #55606e; font-size: .85rem; }
svg { width: 100%; height: auto; }
svg polyline { fill: none; stroke: #0b5cad; stroke-width: 1.5; }
svg .axis { stroke: #cfd4da; }
svg text { font: 11px system-ui, sans-serif; fill: #55606e; }
svg .step0 { fill: #0b5cad; } svg .step1 { fill: #79b8ff; }
code { font: .92em ui-monospace, monospace; }
@media print { main { max-width: none; padding: 0; } h2 { break-after: avoid; } tr { break-inside: avoid; }
  thead { display: table-header-group; } }
@page { margin: 16mm; }
`;
