// What stays of the memory of many connections after they have ended.
import { DisconnectReason, NetworkSystem } from 'bitecs-networking'
import { clientsOf, type Crowd, createCrowd, joinCrowd } from '../createCrowd.ts'
import { formatTable } from '../table.ts'
import { echo, echoNanos } from './measureCrowd.ts'

/** A tick takes 256 ends. */
const ticksAfter = 40
const manyConnections = 5_000
const fewConnections = 1_000
const warmUpConnections = 1_000
const endMsMax = 20_000

/** Bytes that are in use after a garbage collection. */
interface Memory {
  heap: number
  /** The content of typed arrays, which stands beside the heap. */
  arrays: number
}

/**
 * Connects many clients and ends them, twice, and returns a table of what each step leaves in memory. With fewer
 * clients, where ending all would take longer than the bound.
 */
export function measurePeak(): string {
  const connections = bearableConnections()
  const crowd = createCrowd(0, echo)
  const rows = [['step', 'heap, KiB', 'arrays, KiB', 'heap, bytes a connection', 'arrays']]
  const add = (step: string, memory: Memory, base: Memory | undefined): void => {
    const each = (key: keyof Memory): string =>
      base === undefined ? '' : ((memory[key] - base[key]) / connections).toFixed(0)
    rows.push([
      step,
      kibibytes(memory.heap),
      kibibytes(memory.arrays),
      each('heap'),
      each('arrays'),
    ])
  }
  let before = memoryInUse()
  add('before', before, undefined)
  for (const peak of ['first', 'second']) {
    connect(crowd, connections)
    add(`${peak} peak: connected, one message each`, memoryInUse(), before)
    endAll(crowd)
    const after = memoryInUse()
    add(`${peak} peak: ended, what stays`, after, before)
    before = after
  }
  return `memory of ${connections.toLocaleString('en')} connections at a time, after garbage collections\n${formatTable(rows)}`
}

/** Warms up with a few, and continues their time as if each end went through all connections. */
function bearableConnections(): number {
  const crowd = createCrowd(0, echo)
  connect(crowd, warmUpConnections)
  const started = performance.now()
  endAll(crowd)
  const expectedMs = (performance.now() - started) * (manyConnections / warmUpConnections) ** 2
  return expectedMs > endMsMax ? fewConnections : manyConnections
}

function connect(crowd: Crowd, connections: number): void {
  for (let peer = 0; peer < connections; peer++) joinCrowd(crowd)
  NetworkSystem(crowd.world)
  echoNanos(crowd, crowd.peers, 32, 1)
}

function endAll(crowd: Crowd): void {
  for (const peer of crowd.peers.splice(0)) peer.ended(DisconnectReason.closed)
  for (let tick = 0; tick < ticksAfter; tick++) NetworkSystem(crowd.world)
  const left = clientsOf(crowd).length
  if (left > 0) throw new Error(`${left} connections have not ended`)
}

function memoryInUse(): Memory {
  if (globalThis.gc === undefined) throw new Error('needs node --expose-gc')
  globalThis.gc()
  globalThis.gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return { heap: heapUsed, arrays: arrayBuffers }
}

function kibibytes(bytes: number): string {
  return Math.round(bytes / 1024).toLocaleString('en')
}
