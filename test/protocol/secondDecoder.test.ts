import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { endStream } from '../../src/protocol/ByteStream.ts'
import { secondAnswer, secondGreeting, secondPacket, secondWelcome } from '../lib/SecondDecoder.ts'
import { spec } from '../spec.ts'
import { bytesOf, createSecond, createTrace, type Setting, policies, roles } from './trace.ts'

// Two decoders, one written from docs/protocol.md alone, must tell the same about the same chunks.

/** A part of a stream, and whether a chunk ends behind it. */
interface Part {
  bytes: Uint8Array
  isCut: boolean
}

interface Traffic {
  setting: Setting & { limit: number }
  gameId: number
  parts: Part[]
  /** Further cuts, each modulo the length of the stream. */
  cuts: number[]
}

const header = (size: number): Uint8Array => {
  const bytes = bytesOf('dec0adde0c00000000000000')
  new DataView(bytes.buffer).setUint32(8, size, true)
  return bytes
}

/** Pieces of headers: what a decoder that searches for them would trip over. */
const fragment = fc
  .tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 1, max: 12 }), fc.nat(400))
  .map(([from, to, size]) => header(size).subarray(Math.min(from, to), Math.max(from, to)))

const payload = fc.oneof(
  { weight: 2, arbitrary: fc.constant(new Uint8Array(0)) },
  { weight: 5, arbitrary: fc.uint8Array({ maxLength: 30 }) },
  { weight: 2, arbitrary: fc.array(fragment, { maxLength: 4 }).map((all) => Buffer.concat(all)) },
  {
    weight: 1,
    // Around the first allocation of an assembly and its double.
    arbitrary: fc
      .constantFrom(100, 300, 4083, 4084, 4085, 8179, 8180, 8181, 9000)
      .map((size) => new Uint8Array(size).fill(0xc0)),
  },
)

const wholePacket = payload.map((bytes) => new Uint8Array(secondPacket(bytes)))

const limit = fc.oneof(
  { weight: 3, arbitrary: fc.constant(4 * 1024 * 1024) },
  { weight: 2, arbitrary: fc.nat(40) },
  { weight: 1, arbitrary: fc.constantFrom(4083, 4084, 9000, 0xffffffff) },
)

function traffic(part: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Traffic> {
  return fc.record({
    setting: fc.record({
      role: fc.constantFrom(...roles),
      policy: fc.constantFrom(...policies),
      limit,
      gameId: fc.integer(),
      raw: fc.oneof({ weight: 15, arbitrary: fc.constant(false) }, fc.boolean()),
    }),
    gameId: fc.integer(),
    parts: fc.array(fc.record({ bytes: part, isCut: fc.boolean() }), { maxLength: 10 }),
    cuts: fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat(), { maxLength: 12 })),
  })
}

/** The handshake and all parts in one, and the places where parts want a cut. */
function streamOf({ setting, gameId, parts }: Traffic): { bytes: Buffer; places: number[] } {
  const isServer = setting.role === 'server'
  const pieces: Uint8Array[] = isServer
    ? [secondAnswer(gameId)]
    : [secondGreeting(), secondWelcome()]
  const places: number[] = []
  let size = isServer ? 16 : 30
  for (const part of parts) {
    if (part.isCut) places.push(size)
    pieces.push(part.bytes)
    size += part.bytes.length
  }
  return { bytes: Buffer.concat(pieces), places }
}

function chunksOf(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const inside = places.map((place) => place % (bytes.length + 1))
  const ends = [...new Set([...inside, bytes.length])].filter((end) => end > 0)
  ends.sort((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end))
}

/** Feeds both decoders, compares after each chunk, and returns what kinds of events there were. */
function agree(setting: Setting, chunks: readonly Uint8Array[]): string[] {
  const ours = createTrace(setting)
  const second = createSecond(setting)
  for (const chunk of chunks) {
    ours.feed(chunk)
    second.receive(chunk)
    assert.equal(ours.events, second.events)
    assert.is(ours.stream.phase === 'ended', second.state === 'ended')
  }
  const lost = endStream(ours.stream)
  const end = ours.events.at(-1)
  if (end?.kind !== 'failed') assert.is(lost, second.end())
  else if (end.cause !== 'handshake') assert.is(ours.lost, second.lost)
  return ours.events.map((event) => (event.kind === 'failed' ? event.cause : event.kind))
}

/** Counts kinds of events over all runs, so that a generator that misses some is noticed. */
function createTally(): { add(kinds: string[]): void; hasAll(...kinds: string[]): void } {
  const tally = new Map<string, number>()
  return {
    add(kinds) {
      for (const kind of kinds) tally.set(kind, (tally.get(kind) ?? 0) + 1)
    },
    hasAll(...kinds) {
      for (const kind of kinds)
        assert.ok((tally.get(kind) ?? 0) >= 20, `${kind}: ${tally.get(kind) ?? 0} times`)
    },
  }
}

spec('two decoders agree', (it) => {
  it('about valid streams, however they are cut', () => {
    const tally = createTally()
    fc.assert(
      fc.property(traffic(wholePacket), (random) => {
        const { bytes, places } = streamOf(random)
        tally.add(agree(random.setting, chunksOf(bytes, [...places, ...random.cuts])))
      }),
      { numRuns: 2000 },
    )
    tally.hasAll('opened', 'reply', 'packet', 'raw', 'tooLarge')
  })

  it('about streams with garbage between packets', () => {
    const tally = createTally()
    const part = fc.oneof(
      { weight: 6, arbitrary: wholePacket },
      { weight: 1, arbitrary: fragment },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
    )
    fc.assert(
      fc.property(traffic(part), (random) => {
        const { bytes, places } = streamOf(random)
        tally.add(agree(random.setting, chunksOf(bytes, [...places, ...random.cuts])))
      }),
      { numRuns: 3000 },
    )
    tally.hasAll('packet', 'raw', 'discarded', 'malformed', 'tooLarge')
  })

  it('about streams with wrong, lost and added bytes', () => {
    const tally = createTally()
    const change = fc.record({
      place: fc.nat(),
      lost: fc.nat(2),
      added: fc.uint8Array({ maxLength: 2 }),
      isEarly: fc.boolean(),
    })
    const changes = fc.array(change, { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(traffic(wholePacket), changes, (random, changes) => {
        const { bytes, places } = streamOf(random)
        let all: Buffer = bytes
        for (const { place, lost, added, isEarly } of changes) {
          const at = place % (isEarly ? Math.min(60, all.length + 1) : all.length + 1)
          all = Buffer.concat([all.subarray(0, at), added, all.subarray(at + lost)])
        }
        tally.add(agree(random.setting, chunksOf(all, [...places, ...random.cuts])))
      }),
      { numRuns: 3000 },
    )
    tally.hasAll('packet', 'raw', 'discarded', 'handshake', 'malformed', 'tooLarge')
  })

  it('about bytes that come one by one', () => {
    const part = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.uint8Array({ maxLength: 30 }).map((bytes) => secondPacket(bytes)),
      },
      { weight: 1, arbitrary: fragment },
    )
    fc.assert(
      fc.property(traffic(part), (random) => {
        const { bytes } = streamOf(random)
        agree(
          random.setting,
          Array.from(bytes, (byte) => Uint8Array.of(byte)),
        )
      }),
      { numRuns: 300 },
    )
  })
})
