import { DisconnectReason } from 'bitecs-networking'
import { deflateRawSync } from 'node:zlib'
import * as assert from 'uvu/assert'
import { amountOf, figure } from '../lib/row.ts'
import { turns, until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import {
  type Door,
  frame,
  isLeft,
  withDoor,
  rawJoin,
  rawServer,
  takeMasked,
} from './webSocketPeers.ts'

const mib = 1024 * 1024

/** What a flood may leave behind, without what waits for the garbage collector. */
const keptMax = 2 * mib

/** How often each flood comes. */
const rounds = amountOf({ test: 1, ci: 10, soak: 300 })

spec(
  'peers of a WebSocket server that break the protocol',
  (it) => {
    const { malformed, tooLarge } = DisconnectReason
    const cases: readonly [string, string, number, number][] = [
      ['no mask', '820101', 1002, malformed],
      ['RSV1', frame(0xc2, '01'), 1002, malformed],
      ['RSV2', frame(0xa2, '01'), 1002, malformed],
      ['RSV3', frame(0x92, '01'), 1002, malformed],
      ['opcode 3', frame(0x83, '01'), 1002, malformed],
      ['opcode 7', frame(0x87, '01'), 1002, malformed],
      ['opcode 11', frame(0x8b, '01'), 1002, malformed],
      ['opcode 15', frame(0x8f), 1002, malformed],
      ['a continuation of nothing', frame(0x80, '01'), 1002, malformed],
      ['a message within a message', frame(0x02, '01') + frame(0x82, '02'), 1002, malformed],
      ['a fragmented ping', frame(0x09, '01'), 1002, malformed],
      ['a fragmented close frame', frame(0x08, '03e8'), 1002, malformed],
      ['a ping of 126 bytes', `89fe007e00000000${'00'.repeat(126)}`, 1002, malformed],
      ['a close frame with half a code', frame(0x88, '03'), 1002, malformed],
      ['close code 999', frame(0x88, '03e7'), 1002, malformed],
      ['close code 1005', frame(0x88, '03ed'), 1002, malformed],
      ['close code 1006', frame(0x88, '03ee'), 1002, malformed],
      ['close code 5000', frame(0x88, '1388'), 1002, malformed],
      ['a close reason that is no UTF-8', frame(0x88, '03e8ff'), 1007, malformed],
      ['text that is no UTF-8', frame(0x81, 'ff'), 1007, malformed],
      ['text with half a character', frame(0x81, 'c3'), 1007, malformed],
      ['text with a surrogate', frame(0x81, 'eda080'), 1007, malformed],
      ['fragmented text that is no UTF-8', frame(0x01, 'c3') + frame(0x80, '41'), 1007, malformed],
      ['a message that would be too large', '82fe03e900000000', 1009, tooLarge],
      ['a message of 2 ** 40 bytes', '82ff000001000000000000000000', 1009, tooLarge],
      ['a message of 2 ** 63 bytes', '82ff800000000000000000000000', 1009, tooLarge],
      [
        'fragments that are too large together',
        `${frame(0x02, '00'.repeat(100))}${frame(0x00, '00'.repeat(100)).repeat(10)}`,
        1009,
        tooLarge,
      ],
      [
        'more than 1,024 fragments',
        `${frame(0x02, '00')}${frame(0x00).repeat(1_024)}`,
        1008,
        malformed,
      ],
    ]
    figure('R-22', `${cases.length} faults of peers, each answered with its close code`)
    for (const [title, hex, code, reason] of cases)
      it(`${title}: ${code}`, () =>
        withDoor(
          async (door) => {
            const { peer, server } = await rawJoin(door)
            // What comes behind it is not heard any more.
            peer.send(frame(0x82, '01') + hex + frame(0x82, '02'))
            assert.is(await peer.take(4), `8802${code.toString(16).padStart(4, '0')}`)
            await until(() => isLeft(peer))
            peer.send(frame(0x82, '03'))
            peer.end()
            await until(() => peer.isClosed)
            await turns()
            assert.equal(server.log, ['b:01', `ended ${reason}`])
            assert.is(peer.size, 0)
          },
          { messageBytesMax: 1_000 },
        ))

    it('messages up to the limit are taken', () =>
      withDoor(
        async (door) => {
          const { peer, server } = await rawJoin(door)
          const rest = frame(0x00, '00'.repeat(100)).repeat(8) + frame(0x80, '00'.repeat(100))
          peer.send(`82fe03e800000000${'00'.repeat(1_000)}`)
          peer.send(frame(0x02, '00'.repeat(100)) + rest)
          peer.send(frame(0x02, '00') + frame(0x00).repeat(1_022) + frame(0x80))
          await until(() => server.messages.length === 3)
          assert.equal(
            server.messages.map(({ length }) => length),
            [1_000, 1_000, 1],
          )
          assert.not.ok(server.isOver)
        },
        { messageBytesMax: 1_000 },
      ))

    it(`${rounds} times 130,000 tiny fragments take no memory`, () =>
      withDoor(async (door) => {
        const flood = Buffer.from(frame(0x02, '61') + frame(0x00, '61').repeat(130_000), 'hex')
        for (let round = 0; round < rounds; round++) {
          const { peak, answer, log } = await bombard(door, flood)
          assert.is(answer, '880203f0')
          assert.equal(log, [`ended ${malformed}`])
          assert.ok(peak < 32 * mib, `${peak} bytes`)
        }
        figure('R-22', `${rounds} times 130,000 fragments: less than 2 MiB each, 1008`)
      }))

    const large = 64 * mib
    const bombs: readonly [title: string, bomb: () => Buffer, answer: string, reason: number][] = [
      ['a message that claims 64 MiB, and all of it', claimed, '880203f1', tooLarge],
      ['a compressed message of 64 MiB', compressed, '880203ea', malformed],
      ['64 MiB in fragments of 1 MiB', inFragments, '880203f1', tooLarge],
    ]
    for (const [title, bomb, code, reason] of bombs)
      it(`${title}: takes no memory`, () =>
        withDoor(
          async (door) => {
            const bytes = bomb()
            let [kept, most] = [0, 0]
            for (let round = 0; round < rounds; round++) {
              const { grown, peak, answer, log } = await bombard(door, bytes)
              assert.is(answer, code)
              assert.equal(log, [`ended ${reason}`])
              kept = Math.max(kept, grown)
              most = Math.max(most, peak)
            }
            // Chunks that are read and dropped count until the garbage collector comes.
            assert.ok(most < 48 * mib, `${most} bytes`)
            const sizes = [kept, most].map((bytes) => Math.max(bytes / mib, 0).toFixed(1))
            figure(
              'R-22',
              `${rounds} times ${title}: ${sizes[0]} MiB more, ${sizes[1]} at most meanwhile, closed with a code`,
            )
          },
          { messageBytesMax: 4 * mib },
        ))

    function claimed(): Buffer {
      return Buffer.concat([
        Buffer.from('82ff000000000400000000000000', 'hex'),
        Buffer.alloc(large),
      ])
    }

    /** One frame with RSV1, whose 64 KiB would be 64 MiB. */
    function compressed(): Buffer {
      const payload = deflateRawSync(Buffer.alloc(large))
      const head = Buffer.from('c2ff000000000000000000000000', 'hex')
      head.writeUInt32BE(payload.length, 6)
      return Buffer.concat([head, payload])
    }

    function inFragments(): Buffer {
      const piece = Buffer.alloc(mib)
      const rest = Array.from({ length: 63 }, () => [bigHead('00'), piece]).flat()
      return Buffer.concat([bigHead('02'), piece, ...rest])
    }
  },
  30_000 + rounds * 2_000,
)

/** The head of a frame of 1 MiB, whose first byte is given. */
const bigHead = (first: string): Buffer => Buffer.from(`${first}ff000000000010000000000000`, 'hex')

/** Sends bytes to a server; how much memory it took at most and for good, and what came of it. */
async function bombard(
  door: Door,
  bytes: Buffer,
): Promise<{ grown: number; peak: number; answer: string; log: readonly string[] }> {
  const { peer, server } = await rawJoin(door)
  const gc = (globalThis as { gc?: () => void }).gc ?? ((): void => undefined)
  gc()
  const before = usedBytes()
  let peak = 0
  peer.send(bytes)
  await until(() => {
    peak = Math.max(peak, usedBytes() - before)
    return server.isOver
  })
  const answer = await peer.take(4)
  peer.close()
  let grown = Infinity
  // What is still on its way is read and dropped.
  await until(() => {
    gc()
    grown = usedBytes() - before
    return grown < keptMax
  })
  return { grown, peak, answer, log: server.log }
}

function usedBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

spec('servers that break the protocol', (it) => {
  const { malformed, tooLarge } = DisconnectReason
  const cases: readonly [string, string, string, number][] = [
    ['a mask', frame(0x82, '01'), '88 03ea', malformed],
    ['RSV1', 'c20101', '88 03ea', malformed],
    ['text that is no UTF-8', '8101ff', '88 03ef', malformed],
    ['a message that would be too large', '827e03e9', '88 03f1', tooLarge],
  ]
  for (const [title, hex, answer, reason] of cases)
    it(title, () =>
      rawServer(async (peer, client) => {
        peer.send(`820101${hex}820102`)
        assert.is(await takeMasked(peer), answer)
        peer.end()
        await until(() => isLeft(peer))
        assert.equal(client.log, ['opened', 'b:01', `ended ${reason}`])
      }),
    )
})
