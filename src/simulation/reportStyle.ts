/** The style of a report's page: light or dark as the reader has it. */
export const reportStyle = `
:root { color-scheme: light dark; --back: #fff; --raised: #f6f8fa; --ink: #1f2328; --soft: #59636e; --rule: #d8dee4;
  --one: #0969da; --two: #bf5700; --three: #8250df; --four: #1a7f37; --bad: #cf222e }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --raised: #161b22; --ink: #e6edf3; --soft: #9198a1;
  --rule: #30363d; --one: #58a6ff; --two: #f0883e; --three: #bc8cff; --four: #3fb950; --bad: #ff7b72 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 1180px; padding: 28px 24px 48px; background: var(--back); color: var(--ink);
  font: 14px/1.5 system-ui, sans-serif }
h1 { font-size: 24px; margin: 0 }
h2 { font-size: 17px; margin: 32px 0 10px }
p { margin: 4px 0; color: var(--soft) }
code { font: 13px ui-monospace, monospace }
.failed { border-left: 4px solid var(--bad); background: var(--raised); color: var(--ink); padding: 10px 14px;
  margin: 16px 0; overflow-wrap: anywhere }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 10px; margin: 18px 0 }
.tile { background: var(--raised); border: 1px solid var(--rule); border-radius: 8px; padding: 10px 14px }
.tile b { display: block; font-size: 21px; font-weight: 600; font-variant-numeric: tabular-nums }
.tile span { color: var(--soft) }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 18px }
figure { margin: 0; background: var(--raised); border: 1px solid var(--rule); border-radius: 8px; padding: 12px 12px 6px }
figcaption { display: flex; flex-wrap: wrap; gap: 2px 8px; margin-bottom: 4px }
figcaption span { color: var(--soft) }
.legend { margin-left: auto }
.key { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin: 0 5px 0 8px }
svg { display: block; width: 100%; height: auto }
svg text { font: 11px system-ui, sans-serif; fill: var(--soft); font-variant-numeric: tabular-nums }
.grid { stroke: var(--rule) }
.line { fill: none; stroke-width: 1.8; stroke-linejoin: round }
.area { fill-opacity: .85 }
.tip { fill: transparent }
.tip:hover { fill: var(--ink); fill-opacity: .12 }
.one { stroke: var(--one); background: var(--one) } .two { stroke: var(--two); background: var(--two) }
.three { stroke: var(--three); background: var(--three) } .four { stroke: var(--four); background: var(--four) }
.area.one { fill: var(--one) } .area.two { fill: var(--two) } .area.three { fill: var(--three) }
.area.four { fill: var(--four) } .area { stroke: none }
.cut { fill: var(--bad); fill-opacity: .2 } .conditions { fill: var(--two); fill-opacity: .13 }
.crash { fill: var(--ink); fill-opacity: .22 } .key.cut { background: var(--bad); opacity: .35 }
.key.conditions { background: var(--two); opacity: .3 } .key.crash { background: var(--ink); opacity: .4 }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: 4px 10px; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap }
th { color: var(--soft); font-weight: 500 }
th:nth-child(-n + 2), td:nth-child(-n + 2) { text-align: left }
summary { cursor: pointer; color: var(--one); margin: 8px 0 }
`
