// `node build/bench/plot.js FILE [FOLDER]`: draws the pictures of docs/performance.md from what
// `npm run bench -- --json FILE` wrote.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Report } from './lib/goals/Report.ts'
import { plotBars } from './lib/plot/plotBars.ts'
import { plotLines, type Series } from './lib/plot/plotLines.ts'
import { colors } from './lib/plot/svg.ts'

const labels: Readonly<Record<string, string>> = {
  ws: 'bare ws',
  net: 'bare net',
  'ws-hand': 'WebSocket by hand',
  'net-fast': 'TCP by hand',
  ours: 'bitecs-networking, TCP',
  'ours-ws': 'bitecs-networking, WebSocket',
}
/** Rows of the table of growth, as `measure-growth` names them. */
const growthTitle = 'a server with n clients'
const growthRows: readonly { row: string; label: string; color: string }[] = [
  { row: 'echo of 10 of them, ns a message', label: 'echo of ten of them', color: '#0d9488' },
  { row: 'echo of all, one message each, ns a message', label: 'echo of all', color: colors.own },
  { row: 'broadcast of 64 B, ns a socket', label: 'broadcast, for each', color: '#c2702e' },
  { row: 'idle tick, ns', label: 'idle tick, all of it', color: colors.other },
]

const [file, folder = 'docs'] = process.argv.slice(2)
if (file === undefined) throw new Error('expected the file that --json wrote')
const report = JSON.parse(readFileSync(file, 'utf8')) as Report

const pictures = { 'performance-cpu.svg': drawCpu(), 'performance-growth.svg': drawGrowth() }
for (const [name, content] of Object.entries(pictures)) {
  if (content === undefined) console.log(`${name}: not measured in this run`)
  else writeFileSync(join(folder, name), content)
}

/** Of P-3. */
function drawCpu(): string | undefined {
  const state = report.workloads.find(({ name }) => name === 'state')
  const bars = state?.servers.map(({ name, runs }) => ({
    label: labels[name] ?? name,
    values: runs.map((run) => run['cpu'] ?? Number.NaN),
    isOwn: name.startsWith('ours'),
  }))
  if (bars === undefined) return undefined
  return plotBars(
    'A game of 60 ticks a second with 200 clients',
    'seconds of CPU a second, median and range; less is better',
    bars,
  )
}

/** Of P-5. */
function drawGrowth(): string | undefined {
  const table = report.growth.find(({ title }) => title === growthTitle)
  if (table === undefined) return undefined
  const series = growthRows.flatMap(({ row, label, color }): Series[] => {
    const values = table.rows.find(({ name }) => name === row)?.figures ?? []
    const numbers = values.filter((figure) => typeof figure === 'number')
    return numbers.length === table.sizes.length ? [{ label, values: numbers, color }] : []
  })
  return plotLines(
    'What a message costs while the number of sockets grows',
    'sockets of the server',
    'nanoseconds',
    table.sizes,
    series,
  )
}
