import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { memoryOf } from '../../src/buffer/BufferMemory.ts'
import {
  createStream,
  endStream,
  feedStream,
  type StreamSink,
} from '../../src/protocol/ByteStream.ts'
import { append, createAssembly, takeBytes } from '../../src/protocol/PacketAssembly.ts'
import { spec } from '../spec.ts'
import { bytesOf, createTrace, hexOf, joinBytes, policies, roles } from './trace.ts'

const mebibyte = 1024 * 1024

spec('PacketAssembly', (it) => {
  it('never has room for more than the packet', () => {
    const assembly = createAssembly()
    for (let size = 0; size < 5000; size++) append(assembly, Uint8Array.of(size), 0, 1, 5000)
    assert.is(assembly.bytes.length, 5000)
    assert.is(takeBytes(assembly).length, 5000)
  })

  it('hands its memory over, so that the next packet has its own', () => {
    const assembly = createAssembly()
    append(assembly, bytesOf('0102'), 0, 2, 12)
    const first = takeBytes(assembly)
    append(assembly, bytesOf('0304'), 0, 2, 12)
    assert.is(hexOf(first), '0102')
    assert.is(hexOf(takeBytes(assembly)), '0304')
    assert.is(assembly.size, 0)
  })
})

spec('memory of an unfinished packet', (it) => {
  for (const chunkBytes of [1, 64, 1460, 65_536])
    it(`4 MiB in chunks of ${chunkBytes} take few buffers`, () => {
      // With one byte at a time, 256 KiB are enough to show a growth by steps.
      const size = chunkBytes === 1 ? mebibyte / 4 : 4 * mebibyte
      const header = new Uint8Array(12)
      header.set(bytesOf('dec0adde0c000000'))
      new DataView(header.buffer).setUint32(8, size, true)
      const stream = createStream(
        'server',
        { raw: false, gameId: 0 },
        { malformed: 'close', messageBytesMax: size },
      )
      const delivered: number[] = []
      const sink = createSink((start, end) => delivered.push(end - start))
      const feed = (bytes: Uint8Array): void => feedStream(stream, memoryOf(bytes), sink)
      feed(joinBytes('server'))
      feed(header)

      const buffers = new Set([stream.assembly.bytes])
      let copied = 0
      let received = header.length
      while (received < 12 + size) {
        const before = stream.assembly.bytes
        const held = stream.assembly.size
        const chunk = new Uint8Array(Math.min(chunkBytes, 12 + size - received))
        feed(chunk)
        received += chunk.length
        if (delivered.length > 0) break
        if (stream.assembly.bytes !== before) copied += held
        buffers.add(stream.assembly.bytes)
        assert.ok(stream.assembly.bytes.length <= Math.max(4096, 2 * received))
      }
      assert.equal(delivered, [12 + size])
      assert.ok(buffers.size <= 32, `${buffers.size} buffers`)
      assert.ok(copied <= 2 * size, `${copied} bytes copied`)
      assert.is(stream.assembly.bytes.length, 0)
    })

  it('is free again when the packet is whole', () => {
    const { stream, feed } = createTrace({ role: 'client' })
    feed(joinBytes('client'))
    feed(bytesOf('dec0adde0c0000000500000068'))
    assert.is(stream.assembly.size, 13)
    feed(bytesOf('656c6c6f'))
    assert.is(stream.assembly.bytes.length, 0)
  })

  it('a packet that is cut counts once, in however many pieces it comes', () => {
    const hello = bytesOf('dec0adde0c0000000500000068656c6c6f')
    const { stream, feed } = createTrace({ role: 'client' })
    feed(joinBytes('client'))
    feed(hello)
    assert.is(stream.cut, 0)
    feed(hello.subarray(0, 14))
    feed(hello.subarray(14))
    assert.is(stream.cut, 1)
    for (const byte of hello) feed(Uint8Array.of(byte))
    assert.is(stream.cut, 2)
    feed(hello.subarray(0, 1))
    for (let count = 3; count < 10; count++) {
      assert.is(stream.cut, count)
      feed(bytesOf(hexOf(hello.subarray(1)), hexOf(hello), 'de'))
    }
  })

  it('whole packets take none', () => {
    const { stream, feed } = createTrace({ role: 'client' })
    feed(joinBytes('client'))
    for (let count = 1; count < 20; count++) {
      feed(bytesOf('dec0adde0c0000000500000068656c6c6f'.repeat(count)))
      assert.is(stream.assembly.bytes.length, 0)
    }
  })
})

/** What a peer may have sent before the random bytes: each leads to another phase. */
const openings = [
  [],
  ['join, half'],
  ['join'],
  ['join', 'dec0'],
  ['join', 'dec0adde0c000000'],
  ['join', 'dec0adde0c00000000400000'],
  ['join', 'dec0adde0c000000ffffffff'],
] as const

spec('random bytes', (it) => {
  const chunk = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.uint8Array({ minLength: 1000, maxLength: 6000 }),
    fc.constantFrom('de', 'dec0adde', '0c000000', 'dec0adde0c000000').map((hex) => bytesOf(hex)),
    fc.integer({ min: 0, max: 20_000 }).map((size) => {
      const bytes = bytesOf('dec0adde0c00000000000000')
      new DataView(bytes.buffer).setUint32(8, size, true)
      return bytes
    }),
  )

  it('never throw, in any phase, and memory stays within twice what came', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...roles),
        fc.boolean(),
        fc.constantFrom(...policies),
        fc.constantFrom(0, 100, 10_000, 0xffffffff),
        fc.constantFrom(...openings),
        fc.array(chunk, { maxLength: 12 }),
        (role, raw, policy, limit, opening, chunks) => {
          const { stream, feed } = createTrace({ role, raw, policy, limit })
          let received = 0
          const take = (bytes: Uint8Array): void => {
            feed(bytes)
            received += bytes.length
            assert.ok(stream.assembly.size <= received)
            assert.ok(stream.assembly.bytes.length <= Math.max(4096, 2 * received))
          }
          const join = joinBytes(role)
          for (const step of opening)
            if (step === 'join') take(join)
            else take(step === 'join, half' ? join.subarray(0, join.length / 2) : bytesOf(step))
          for (const bytes of chunks) take(bytes)
          const lost = endStream(stream)
          assert.ok(lost >= 0 && lost <= received)
          assert.is(stream.assembly.bytes.length, 0)
        },
      ),
      { numRuns: 3000 },
    )
  })
})

const nothing = (): void => {}
const unexpected = (): void => assert.unreachable()

/** Takes packets and a handshake, and nothing else. */
function createSink(onPackets: (start: number, end: number) => void): StreamSink {
  return {
    reply: nothing,
    handshakeDone: nothing,
    messages(kind, _, start, end) {
      assert.is(kind, 'packets')
      onPackets(start, end)
    },
    discarded: unexpected,
    protocolBroken: unexpected,
  }
}
