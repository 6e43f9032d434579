// A server under test in a process of its own: serves until its parent ends it.
import { viewOf } from './lib/servers/Outbox.ts'
import { addWords, type ServerUnderTest, type StartPeer, type Tally } from './lib/servers/Server.ts'
import {
  type MemoryUse,
  type ServerOrder,
  type ServerQuestion,
  type TickFigures,
  type Usage,
} from './lib/servers/ServerOrder.ts'
import { serverList } from './lib/servers/serverList.ts'
import { startLoop } from './lib/servers/startLoop.ts'
import { createTickMessage, numberTickMessage, talkBytes } from './lib/tickMessages.ts'

const order = JSON.parse(process.argv[2] ?? '{}') as ServerOrder
const tally: Tally = { messages: 0, sum: 0, ended: 0 }
const server = await start()
let sent = 0

process.on('disconnect', () => process.exit(0))
process.on('message', (question: ServerQuestion) => {
  process.send?.(answer(question))
})
const loop = order.hz > 0 || server.needsTicks ? startLoop(step, order.hz) : undefined
console.log(JSON.stringify({ port: server.port }))

async function start(): Promise<ServerUnderTest> {
  if (order.module === undefined) {
    const entry = serverList.find(({ name }) => name === order.server)
    if (entry === undefined) throw new Error(`no server ${order.server}`)
    return entry.start({ ...order, tally })
  }
  const { start } = (await import(order.module)) as { start: StartPeer }
  const addUp = (message: Uint8Array): void =>
    addWords(tally, viewOf(message), 0, message.byteLength)
  return start({ ...order, tally, addUp })
}

function step(): void {
  server.receive()
  // Replies do not wait for what the tick computes.
  server.flush()
  if (order.stateBytes > 0) server.sendToAll(nextMessage(order.stateBytes))
  if (order.talks > 0)
    server.sendToEach(Array.from({ length: order.talks }, () => nextMessage(talkBytes)))
  server.flush()
  if (order.burnMs > 0) burn(order.burnMs)
}

function nextMessage(bytes: number): Uint8Array {
  const message = createTickMessage(bytes)
  numberTickMessage(new DataView(message.buffer), 0, sent++)
  return message
}

function burn(ms: number): void {
  const endMs = performance.now() + ms
  while (performance.now() < endMs);
}

function answer(question: ServerQuestion): MemoryUse | TickFigures | Usage {
  if (question === 'memory') return memoryUse()
  if (question === 'usage') return usage()
  const [, fromMs = 0, toMs = 0] = question.split(' ').map(Number)
  return loop?.figuresBetween(fromMs, toMs) ?? { hz: 0, lateP99Ms: 0, gapMaxMs: 0 }
}

function usage(): Usage {
  const { user, system } = process.cpuUsage()
  return { cpuMicros: user + system, ...tally, ticks: loop?.count ?? 0 }
}

function memoryUse(): MemoryUse {
  const { gc, Bun } = globalThis as typeof globalThis & { Bun?: { gc(force: boolean): void } }
  const collect = Bun === undefined ? gc : () => Bun.gc(true)
  if (collect === undefined) throw new Error('needs node --expose-gc')
  collect()
  collect()
  const { rss, heapUsed } = process.memoryUsage()
  return { rss, heap: heapUsed }
}
