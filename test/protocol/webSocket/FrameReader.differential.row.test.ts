// The reader against the one of `ws`, on random streams: what both emit has to agree, byte by byte.
//
// Each stream follows from a seed of its own: SEED, and the next numbers. The small ones are many.

import { isUtf8 } from 'node:buffer'
import * as assert from 'uvu/assert'
import * as library from 'ws'
import { amountOf, figure, rowSeed } from '../../lib/row.ts'
import { turns } from '../../lib/until.ts'
import { spec } from '../../spec.ts'
import { type DrawnStream, drawStream } from './drawStream.ts'
import { FrameTrace, malformed, type Role } from './FrameTrace.ts'

const largeStreams = amountOf({ test: 1_000, ci: 20_000, soak: 500_000 })
const smallStreams = amountOf({ test: 2_500, ci: 200_000, soak: 10_000_000 })

/** What is used of the reader of `ws`, which its types do not know. */
interface WsReceiver {
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): this
  on(event: 'ping' | 'pong', listener: (data: Buffer) => void): this
  on(event: 'conclude', listener: (code: number, reason: Buffer) => void): this
  _write(chunk: Buffer, encoding: string, done: (error?: Error | null) => void): void
}

const { Receiver } = library as unknown as {
  Receiver: new (options: Readonly<Record<string, unknown>>) => WsReceiver
}

const latin1 = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('latin1')

/** The reader of `ws` and all that it has emitted, as {@link FrameTrace} writes it. */
class WsTrace {
  readonly events: string[] = []
  readonly #receiver: WsReceiver
  #hasFailed = false

  constructor(role: Role, limit: number) {
    this.#receiver = new Receiver({
      isServer: role === 'server',
      maxPayload: limit,
      maxFragments: 1_024,
    })
    this.#receiver
      .on('message', (data, isBinary) =>
        this.events.push(`${isBinary ? 'binary' : 'text'} ${latin1(data)}`),
      )
      .on('ping', (data) => this.events.push(`ping ${latin1(data)}`))
      .on('pong', () => this.events.push('pong'))
      .on('conclude', (code) => this.events.push(`close ${code === 1005 ? undefined : code}`))
  }

  feed(chunk: Uint8Array): void {
    // Behind a fault a stream writes nothing.
    if (this.#hasFailed) return
    this.#receiver._write(Buffer.from(chunk), '', (error) => {
      if (!error) return
      this.#hasFailed = true
      const code = statusCodeOf(error)
      this.events.push(`${code === 1009 ? 'tooLarge' : 'malformed'} ${code}`)
    })
  }
}

function statusCodeOf(error: Error): number {
  const symbol = Object.getOwnPropertySymbols(error).find(
    ({ description }) => description === 'status-code',
  )
  if (symbol === undefined) throw error
  return Number(Reflect.get(error, symbol))
}

const tally = { binary: 0, text: 0, ping: 0, pong: 0, close: 0, early: 0 }
const faults = new Map<string, number>()
let runs = 0

/** Feeds both and compares after each chunk. */
function compare({ role, limit, bytes, chunks, otherChunks }: DrawnStream): void {
  const ours = createTrace(role, limit, false)
  const theirs = new WsTrace(role, limit)
  let same = 0
  let fed = 0
  let isEarly = false
  for (const chunk of chunks) {
    ours.feed(chunk)
    theirs.feed(chunk)
    fed += chunk.length
    const { message } = ours.reader
    assert.ok((message?.bytes.length ?? 0) <= Math.max(4_096, 2 * fed), 'memory')
    const { length } = ours.events
    isEarly = length !== theirs.events.length
    for (; same < length && !isEarly; same++) isEarly = ours.events[same] !== theirs.events[same]
    if (isEarly) break
  }
  if (isEarly) checkEarly(ours, theirs, bytes.subarray(0, fed), limit)
  else if (ours.reader.phase === 'open')
    assert.is(eventsBeforeBadText(bytes, role), undefined, 'text that is found too late')
  const withRuns = createTrace(role, limit, true)
  for (const chunk of otherChunks) withRuns.feed(chunk)
  assert.equal(withRuns.events, ours.events, 'cut in another way')
  count(ours, withRuns, isEarly)
}

function createTrace(role: Role, limit: number, hasRuns: boolean): FrameTrace {
  const trace = new FrameTrace({ role, limit, hasRuns })
  trace.show = latin1
  return trace
}

/**
 * Two faults may come earlier than those of `ws`: text that is wrong, which it sees at the end of the message, and a fragment
 * too many, which it counts when its payload is there.
 */
function checkEarly(ours: FrameTrace, theirs: WsTrace, bytes: Uint8Array, limit: number): void {
  const fault = ours.events.at(-1)
  const before = ours.events.slice(0, -1)
  assert.equal(before, theirs.events.slice(0, before.length))
  if (fault === malformed(1007)) {
    const role = ours.reader.isMasked ? 'server' : 'client'
    assert.is(eventsBeforeBadText(bytes, role), before.length, 'events before wrong text')
    return
  }
  assert.is(fault, malformed(1008))
  theirs.feed(new Uint8Array(Math.min(limit, 200_000) + 4))
  assert.equal(theirs.events, ours.events)
}

/**
 * How many events come before the first text of which what is there cannot become UTF-8; `undefined` without one. The frames in
 * front of it are valid.
 */
function eventsBeforeBadText(bytes: Uint8Array, role: Role): number | undefined {
  const memory = Buffer.from(bytes)
  let events = 0
  let text: Buffer | undefined
  for (let at = 0; at + 2 <= memory.length;) {
    const first = memory[at]!
    const length = memory[at + 1]! & 0x7f
    const start = at + (length < 126 ? 2 : length === 126 ? 4 : 10) + (role === 'server' ? 4 : 0)
    if (start > memory.length) return undefined
    let size = length
    if (length === 126) size = memory.readUInt16BE(at + 2)
    if (length === 127) size = Number(memory.readBigUInt64BE(at + 2))
    at = start + size
    const opcode = first & 15
    if (opcode === 1) text = Buffer.alloc(0)
    if (opcode <= 1 && text !== undefined) {
      const payload = memory.subarray(start, at)
      const mask = role === 'server' ? memory.subarray(start - 4, start) : Buffer.alloc(4)
      text = Buffer.concat([text, payload.map((byte, index) => byte ^ mask[index & 3]!)])
      const isWhole = first >= 0x80 && at <= memory.length
      if (isWhole ? !isUtf8(text) : !canBecomeUtf8(text)) return events
    }
    if (opcode >= 8 || first >= 0x80) events++
    if (opcode < 8 && first >= 0x80) text = undefined
  }
  return undefined
}

/** What completes a character, whichever it is. */
const endings = ['', '80', '8080', 'a080', '808080', '908080'].map((hex) => Buffer.from(hex, 'hex'))

function canBecomeUtf8(bytes: Buffer): boolean {
  return endings.some((ending) => isUtf8(Buffer.concat([bytes, ending])))
}

function count({ events }: FrameTrace, withRuns: FrameTrace, isEarly: boolean): void {
  for (const event of events) {
    const name = event.split(' ', 1)[0]!
    if (name in tally) tally[name as keyof typeof tally]++
    else faults.set(event, (faults.get(event) ?? 0) + 1)
  }
  if (isEarly) tally.early++
  runs += withRuns.runs
}

function describe(seed: number, { role, limit, bytes, chunks }: DrawnStream): string {
  const hex = Buffer.from(bytes.subarray(0, 2_000)).toString('hex')
  const sizes = chunks.slice(0, 200).map(({ length }) => length)
  return `SEED=${seed}: ${role}, limit ${limit}, ${bytes.length} bytes in ${sizes.join(' + ')}: ${hex}`
}

async function compareMany(count: number, isSmall: boolean): Promise<void> {
  for (let index = 0; index < count; index++) {
    const seed = rowSeed + index
    const stream = drawStream(seed, isSmall)
    try {
      compare(stream)
    } catch (error) {
      console.log(describe(seed, stream))
      throw error
    }
    if (index % 100 === 0) await turns()
  }
}

spec(
  `FrameReader and the reader of ws, SEED=${rowSeed}`,
  (it) => {
    it(`agree on ${largeStreams} random streams`, async () => {
      await compareMany(largeStreams, false)
      const events = JSON.stringify({ ...tally, runs, ...Object.fromEntries(faults) })
      figure('R-02', `FrameReader and ws: ${largeStreams} streams, 0 differences: ${events}`)
      for (const count of Object.values(tally)) assert.ok(count > largeStreams / 50)
      for (const fault of [1002, 1007].map(malformed))
        assert.ok(faults.get(fault)! > largeStreams / 500)
      assert.ok(faults.get('tooLarge 1009')! > largeStreams / 50)
      // One in 500 streams.
      if (largeStreams >= 20_000) assert.ok(faults.get(malformed(1008))! > 10)
    })

    it(`agree on ${smallStreams} small ones`, async () => {
      await compareMany(smallStreams, true)
      figure('R-02', `FrameReader and ws: ${smallStreams} small streams, 0 differences`)
    })
  },
  Math.max(60_000, smallStreams),
)
