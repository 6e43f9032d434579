import { type RecordedSecond, type RecordingSummary } from '../recording.ts'

const plotWidth = 900
const plotHeight = 120
/** More bars would be thinner than a pixel. */
const barsMax = 450

/** A page without scripts that shows what is in a recording. */
export function recordingPage(name: string, summary: RecordingSummary): string {
  const { ticks, events, seconds, bytes, damage, sockets, perSecond } = summary
  const facts = `${ticks} ticks in ${seconds.toFixed(1)} s, ${events} events, ${bytes} bytes`
  const rows = sockets.map(
    ({ id, kind, address, from, to, arrivals, bytesIn, bytesOut }) =>
      `<tr><td>${id}<td class="text">${escape(kind)}<td class="text">${escape(address)}` +
      `<td>${from.toFixed(1)}<td>${to?.toFixed(1) ?? ''}<td>${arrivals}<td>${bytesIn}<td>${bytesOut}`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(name)}</title>
<style>
  :root { color-scheme: light dark; --bar: light-dark(#2563eb, #7aa2ff); --line: light-dark(#ddd, #444) }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 940px; margin: 2rem auto; padding: 0 1rem }
  h1 { font-size: 1.4rem } h2 { font-size: 1rem; margin: 1.5rem 0 .3rem }
  svg { width: 100%; height: auto; border-bottom: 1px solid var(--line) } rect { fill: var(--bar) }
  .scroll { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
  th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid var(--line) }
  .text { text-align: left }
  .damage { color: light-dark(#b91c1c, #f87171) }
</style>
<h1>${escape(name)}</h1>
<p>${facts}</p>
${damage === undefined ? '' : `<p class="damage">${escape(damage.message)}</p>`}
${plot('Events', perSecond, ({ events: count }) => count)}
${plot('Bytes in', perSecond, ({ bytesIn }) => bytesIn)}
${plot('Bytes out', perSecond, ({ bytesOut }) => bytesOut)}
<h2>Sockets</h2>
<div class="scroll"><table>
<tr><th>id<th class="text">socket<th class="text">address<th>from (s)<th>to (s)<th>arrivals<th>bytes in<th>bytes out
${rows.join('\n')}
</table></div>
</html>
`
}

/** Bars over time. Where there are many seconds, a bar is the mean of some. */
function plot(
  title: string,
  perSecond: readonly RecordedSecond[],
  valueOf: (second: RecordedSecond) => number,
): string {
  const seconds = (perSecond.at(-1)?.second ?? 0) + 1
  const each = Math.ceil(seconds / barsMax)
  const values = Array<number>(Math.ceil(seconds / each)).fill(0)
  for (const second of perSecond)
    values[Math.floor(second.second / each)]! += valueOf(second) / each
  const max = Math.max(1, ...values)
  const width = plotWidth / Math.max(1, values.length)
  const bars = values.map((value, index) => {
    const height = (value / max) * plotHeight
    const x = (index * width).toFixed(2)
    const barWidth = Math.max(width - 1, width / 2).toFixed(2)
    return `<rect x="${x}" y="${(plotHeight - height).toFixed(2)}" width="${barWidth}" height="${height.toFixed(2)}"/>`
  })
  return `<h2>${title} a second, at most ${Math.round(max)}</h2>
<svg viewBox="0 0 ${plotWidth} ${plotHeight}" role="img" aria-label="${title} a second over ${seconds} seconds">${bars.join('')}</svg>`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
