// The load generator: many clients in one process, each with a fixed number of messages in flight.
//
// Why it is fair to the bare `ws` server and the TCP servers alike: every server gets the same clients, payloads
// and counters over the same kind of socket. A client sends its messages in one write, makes one compare over
// each chunk that arrives, and sends the next when all are back, so every server finds the same number of
// messages in a read. Only the bytes around the payload differ (a masked frame, or a packet). No WebSocket
// library runs here. A server that writes each reply by itself makes the generator read more often; that is the
// server's doing, and the table shows the generator's CPU time beside the server's.
import { setTimeout as sleep } from 'node:timers/promises'
import { EchoClient } from './lib/EchoClient.ts'
import { type LoadMessage, type LoadOrder } from './lib/LoadMessage.ts'
import { createTcpWire } from './lib/tcpWire.ts'
import { createWebSocketWire } from './lib/webSocketWire.ts'

const payloadBytes = 32
const stallMs = 5000
const pollMs = 10

const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder
const clients: EchoClient[] = []
let hasFailed = false
let isStopAsked = false

process.on('disconnect', () => process.exit(0))
process.on('message', (request) => {
  if (request === 'stop') isStopAsked = true
})

try {
  await run()
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}

async function run(): Promise<void> {
  await openClients()
  for (const client of clients) client.start()
  const guard = watchForStall()
  await sleep(order.warmUpSeconds * 1000)
  tell({ step: 'measuring' })
  const before = measure()
  await sleep(order.seconds * 1000)
  const after = measure()
  tell({
    step: 'measured',
    seconds: (after.ms - before.ms) / 1000,
    messages: after.messages - before.messages,
    reads: after.reads - before.reads,
    cpuMicros: after.cpuMicros - before.cpuMicros,
  })
  await until('the parent to say stop', () => isStopAsked)
  for (const client of clients) client.stop()
  clearInterval(guard)
  await until('the last replies', () => clients.every((client) => client.isDrained))
  tell({ step: 'done', messages: measure().messages })
}

/** Opens the links one after the other and returns when all are ready. */
async function openClients(): Promise<void> {
  const wire = order.wire === 'ws' ? createWebSocketWire(payloadBytes) : createTcpWire(payloadBytes)
  const { port, inFlight } = order
  for (let client = 0; client < order.clients; client++)
    await new Promise<void>((resolve) => {
      const options = { port, client, inFlight, payloadBytes, onOpen: resolve, onFailed: fail }
      clients.push(new EchoClient(wire, options))
    })
}

function measure(): { ms: number; messages: number; reads: number; cpuMicros: number } {
  const { user, system } = process.cpuUsage()
  const total = { ms: performance.now(), messages: 0, reads: 0, cpuMicros: user + system }
  for (const { received, reads } of clients) {
    total.messages += received
    total.reads += reads
  }
  return total
}

/** Fails when one of the clients gets no reply for a long time. */
function watchForStall(): NodeJS.Timeout {
  let last: readonly number[] = []
  return setInterval(() => {
    const now = clients.map(({ received }) => received)
    const stalled = now.findIndex((received, index) => received === last[index])
    if (stalled >= 0) fail(`client ${stalled} got no reply for ${stallMs} ms`)
    last = now
  }, stallMs)
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + stallMs
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`waited ${stallMs} ms for ${what}`)
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
