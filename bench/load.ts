// The load generator: many clients in one process.
//
// Why it is fair to the bare `ws` server and the TCP servers alike: every server gets the same clients, payloads
// and counters over the same kind of socket. A client sends its messages in one write, makes one compare over
// each chunk that arrives, and sends the next when all are back, so every server finds the same number of
// messages in a read. Only the bytes around the payload differ (a masked frame, or a packet). No WebSocket
// library runs here. A server that writes each reply by itself makes the generator read more often; that is the
// server's doing, and the table shows the generator's CPU time beside the server's.
import { setTimeout as sleep } from 'node:timers/promises'
import { createWire } from './lib/createWire.ts'
import { createTraffic } from './lib/load/createTraffic.ts'
import { type LoadMessage, type LoadOrder } from './lib/load/LoadMessage.ts'
import { type Traffic } from './lib/load/Traffic.ts'
import { epochMs } from './lib/servers/startLoop.ts'
import { quantile } from './lib/statistics.ts'

const patienceMs = 60_000
const pollMs = 10

const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder
let hasFailed = false
let isStopAsked = false

process.on('disconnect', () => process.exit(0))
process.on('message', (request) => {
  if (request === 'stop') isStopAsked = true
})

try {
  const wireOf = createWire[order.wire]
  await run(createTraffic(order.work, { port: order.port, wireOf, fail }))
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}

async function run(traffic: Traffic): Promise<void> {
  await traffic.open()
  traffic.start()
  await sleep(order.warmUpSeconds * 1000)
  traffic.takeLatencies()
  tell({ step: 'measuring' })
  traffic.begin?.()
  const fromMs = epochMs()
  const before = measure(traffic)
  await sleep(order.seconds * 1000)
  const after = measure(traffic)
  const latencies = traffic.takeLatencies()
  traffic.finish?.()
  tell({
    step: 'measured',
    fromMs,
    toMs: epochMs(),
    seconds: (after.ms - before.ms) / 1000,
    messages: after.messages - before.messages,
    reads: after.reads - before.reads,
    cpuMicros: after.cpuMicros - before.cpuMicros,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  })
  await until('the parent to say stop', () => isStopAsked)
  traffic.stop()
  await until('the last replies', () => traffic.isDrained)
  tell({ step: 'done', ...traffic.totals() })
}

function measure(traffic: Traffic): {
  ms: number
  messages: number
  reads: number
  cpuMicros: number
} {
  const { user, system } = process.cpuUsage()
  return { ms: performance.now(), cpuMicros: user + system, ...traffic.count() }
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + patienceMs
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`waited ${patienceMs} ms for ${what}`)
    await sleep(pollMs)
  }
}

function tell(message: LoadMessage): void {
  process.send?.(message)
}

/** Tells why and ends; the first reason counts. */
function fail(reason: string): void {
  if (hasFailed) return
  hasFailed = true
  process.exitCode = 1
  tell({ step: 'failed', reason })
  setTimeout(() => process.exit(1), 1000)
}
