import * as assert from 'uvu/assert'
import { memoryOf } from '../../../src/buffer/BufferMemory.ts'
import { isRunKind, type RunKind } from '../../../src/protocol/RunKind.ts'
import { frameEnd, frameStart } from '../../../src/protocol/webSocket/frameHeader.ts'
import * as ofBrowsers from '../../../src/protocol/webSocket/messageRun.browser.ts'
import { payloadSizeAt, payloadStart } from '../../../src/protocol/webSocket/messageRun.node.ts'
import { spec } from '../../spec.ts'

const mask = '01020304'
const header = (size: number): string =>
  `dec0adde0c000000${Buffer.from(Uint32Array.of(size).buffer).toString('hex')}`

/** A message, what kind it is, and where its payload begins and what size it has. */
const cases: readonly (readonly [string, RunKind, string, number, number])[] = [
  ['a packet', 'packets', `${header(3)}414243`, 12, 3],
  ['an empty packet', 'packets', header(0), 12, 0],
  ['a frame', 'frames', '8203414243', 2, 3],
  ['an empty frame', 'frames', '8200', 2, 0],
  ['a frame of 125 bytes', 'frames', `827d${'41'.repeat(125)}`, 2, 125],
  ['a frame of 126 bytes', 'frames', `827e007e${'41'.repeat(126)}`, 4, 126],
  ['a frame of 515 bytes', 'frames', `827e0203${'41'.repeat(515)}`, 4, 515],
  ['a masked frame', 'frames', `8283${mask}414243`, 6, 3],
  ['an empty masked frame', 'frames', `8280${mask}`, 6, 0],
  ['a masked frame of 515 bytes', 'frames', `82fe0203${mask}${'41'.repeat(515)}`, 8, 515],
  ['a packet in a frame', 'framedPackets', `820f${header(3)}414243`, 14, 3],
  ['a packet in a masked frame', 'framedPackets', `828f${mask}${header(3)}414243`, 18, 3],
  [
    'a large packet in a frame',
    'framedPackets',
    `827e00a0${header(148)}${'41'.repeat(148)}`,
    16,
    148,
  ],
]

spec('messages back to back', (it) => {
  for (const [name, kind, hex, start, size] of cases)
    it(`${name} begins and ends where it should, with others around it`, () => {
      const bytes = Uint8Array.from(Buffer.from(`ffffff${hex}ffff`, 'hex'))
      const chunk = memoryOf(bytes)
      assert.is(payloadStart(kind, bytes, 3), 3 + start)
      assert.is(payloadSizeAt(kind, chunk, 3), size)
      if (kind !== 'frames') return
      assert.is(frameStart(bytes, 3), 3 + start)
      assert.is(frameEnd(bytes, 3, 3 + start), 3 + start + size)
    })

  it('raw bytes begin at once', () => {
    assert.is(payloadStart('raw', Uint8Array.of(1, 2), 1), 1)
  })

  it('are of four kinds', () => {
    for (const kind of ['packets', 'raw', 'frames', 'framedPackets']) assert.ok(isRunKind(kind))
    for (const kind of ['connect', 'disconnect', 'nonBlockingConnect', 'peerLost', ''])
      assert.not(isRunKind(kind))
  })

  it('in browsers begins behind a header, or at once, and frames are never taken', () => {
    const memory = memoryOf(Buffer.from(`00${header(3)}414243`, 'hex'))
    assert.is(ofBrowsers.payloadStart('packets', memory.bytes, 1), 13)
    assert.is(ofBrowsers.payloadStart('raw', memory.bytes, 1), 1)
    assert.is(ofBrowsers.payloadSizeAt('packets', memory, 1), 3)
    assert.is(ofBrowsers.framedBytes(), -1)
  })
})
