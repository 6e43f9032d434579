// P-4: what one data event costs in process, over the memory transport: nanoseconds and heap bytes.
//
// "tick" is NetworkSystem alone: packets that have arrived become events with a buffer, one subscriber's
// handler reads them. "whole" adds the sender: sendPacket, framing, one write, and the receiver's framing.
import { flushNetwork, NetworkSystem, sendPacket } from 'bitecs-networking'
import { joinWorlds } from './lib/joinWorlds.ts'

const perTick = 1_000
const ticks = 200
const rounds = 15

let extraTicks = 0

const payload = new Uint8Array(32)
const { senderWorld, socket, receiverWorld, received } = await joinWorlds()

run(ticks) // warm up
const tickNs: number[] = []
const wholeNs: number[] = []
const bytes: number[] = []
for (let round = 0; round < rounds; round++) {
  const { tick, whole } = run(ticks)
  tickNs.push(tick)
  wholeNs.push(whole)
  bytes.push(heapOfTick())
}
const expected = perTick * (ticks * (rounds + 1) + extraTicks)
if (received.events !== expected)
  throw new Error(`expected ${expected} events, got ${received.events}`)

console.log(`in process, ${perTick} data events of 32 bytes a tick, median of ${rounds} rounds`)
console.log(`  tick   ${show(tickNs)} ns/event   ${show(bytes)} heap bytes/event`)
console.log(`  whole  ${show(wholeNs)} ns/event`)

function run(count: number): { tick: number; whole: number } {
  let inTick = 0
  const started = performance.now()
  for (let tick = 0; tick < count; tick++) {
    send()
    const before = performance.now()
    NetworkSystem(receiverWorld)
    inTick += performance.now() - before
  }
  const events = count * perTick
  return { tick: (inTick * 1e6) / events, whole: ((performance.now() - started) * 1e6) / events }
}

/**
 * Heap bytes that one tick allocates, per event: of a tick without a garbage collection. Apart from the
 * times, which asking for it would spoil.
 */
function heapOfTick(): number {
  for (;;) {
    send()
    const before = process.memoryUsage().heapUsed
    NetworkSystem(receiverWorld)
    const used = process.memoryUsage().heapUsed - before
    extraTicks++
    if (used > 0) return used / perTick
  }
}

function send(): void {
  for (let index = 0; index < perTick; index++) sendPacket(senderWorld, socket, payload)
  flushNetwork(senderWorld)
}

function show(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const median = sorted[sorted.length >> 1] ?? 0
  return `${median.toFixed(0)} [${sorted[0]?.toFixed(0)}–${sorted.at(-1)?.toFixed(0)}]`
}
