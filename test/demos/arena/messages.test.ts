import * as assert from 'uvu/assert'
import { assert as check, integer, property, uint8Array } from 'fast-check'
import {
  BufferKind,
  createBuffer,
  type NetworkBuffer,
  getBufferBytes,
  pokeBuffer,
  BufferType,
  tellBuffer,
} from 'bitecs-networking'
import {
  type ClientMessage,
  readClientMessage,
  writeClientMessage,
} from '../../../demos/arena/shared/clientMessages.ts'
import {
  readServerMessage,
  type ServerMessage,
  type ShipState,
  writeServerMessage,
} from '../../../demos/arena/shared/serverMessages.ts'
import { viewSnapshot } from '../../../demos/arena/shared/viewSnapshot.ts'
import { cleanText } from '../../../demos/arena/shared/cleanText.ts'
import { spec } from '../../spec.ts'

/** Written by hand from the tables in the two files. */
const clientBytes: [ClientMessage, string][] = [
  [{ kind: 'join', version: 1, proof: 0x01020304, name: 'Ann' }, '01 01 04030201 416e6e00'],
  [{ kind: 'steer', bits: 17 }, '02 11'],
  [{ kind: 'say', text: 'hé' }, '03 68c3a900'],
  [{ kind: 'ping', token: 0xfffffffe }, '04 feffffff'],
  [{ kind: 'watch', wanted: true }, '05 01'],
  [{ kind: 'watch', wanted: false }, '05 00'],
]

const ship = { player: 258, x: 1.5, y: -2, vx: 0, vy: 1, dashing: true, charge: 1, score: 3 }
const event = {
  tick: 9,
  type: 3,
  id: 7,
  ip: '::1',
  port: 6510,
  size: 3,
  bytes: Uint8Array.of(1, 2, 3),
}
const serverBytes: [ServerMessage, string][] = [
  [
    { kind: 'welcome', version: 1, player: 2, width: 1600, height: 1000, ticksPerSecond: 60 },
    '01 01 0200 4006 e803 3c',
  ],
  [
    { kind: 'snapshot', tick: 5, ships: [ship], gems: [{ gem: 1, x: 2, y: 3 }] },
    '02 05000000 01 0201 0000c03f 000000c0 00000000 0000803f 01 ff 0300 01 0100 0200 0300',
  ],
  [
    { kind: 'roster', entries: [{ player: 1, hue: 359, socketType: 6, name: 'Bo' }] },
    '03 01 0100 6701 06 426f00',
  ],
  [{ kind: 'said', player: 0, text: 'Hi' }, '04 0000 486900'],
  [{ kind: 'pong', token: 1 }, '05 01000000'],
  [{ kind: 'log', events: [event] }, '06 01 09000000 03 0700 3a3a3100 6e19 03000000 03 010203'],
  [{ kind: 'refused', reason: 2, text: 'No' }, '07 02 4e6f00'],
  [{ kind: 'prove', token: 256 }, '08 00010000'],
]

function bufferOf(bytes: Uint8Array): NetworkBuffer {
  const buffer = createBuffer(bytes.length, BufferKind.fixed)
  for (const [index, byte] of bytes.entries()) pokeBuffer(buffer, index, BufferType.u8, byte)
  return buffer
}

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

function hexWritten(write: (buffer: NetworkBuffer) => void): string {
  const buffer = createBuffer(1, BufferKind.grow)
  write(buffer)
  return Buffer.from(getBufferBytes(buffer).subarray(0, tellBuffer(buffer))).toString('hex')
}

spec('messages of the arena', (it) => {
  for (const [message, hex] of clientBytes)
    it(`writes and reads a client's ${message.kind}: ${hex}`, () => {
      assert.is(
        hexWritten((buffer) => writeClientMessage(buffer, message)),
        hex.replaceAll(' ', ''),
      )
      assert.equal(readClientMessage(bufferOf(bytesOf(hex))), message)
    })

  for (const [message, hex] of serverBytes)
    it(`writes and reads a server's ${message.kind}: ${hex}`, () => {
      assert.is(
        hexWritten((buffer) => writeServerMessage(buffer, message)),
        hex.replaceAll(' ', ''),
      )
      assert.equal(readServerMessage(bufferOf(bytesOf(hex))), message)
    })

  it('reads no message that is cut, wherever it is', () => {
    for (const [table, read] of [
      [clientBytes, readClientMessage],
      [serverBytes, readServerMessage],
    ] as const)
      for (const [, hex] of table) {
        const bytes = bytesOf(hex)
        for (let size = 0; size < bytes.length; size++)
          assert.is(read(bufferOf(bytes.subarray(0, size))), undefined, `${hex} cut to ${size}`)
      }
  })

  it('never throws for bytes that are no message', () => {
    check(
      property(uint8Array({ maxLength: 80 }), integer({ min: 0, max: 9 }), (bytes, id) => {
        const buffer = bufferOf(Uint8Array.of(id, ...bytes))
        readClientMessage(buffer)
        readServerMessage(buffer)
      }),
      { numRuns: 2000 },
    )
  })

  it('takes no position that is no number', () => {
    const [, snapshot] = serverBytes[1]!
    const notANumber = snapshot.replace('0000c03f', '0000c07f')
    assert.is(readServerMessage(bufferOf(bytesOf(notANumber))), undefined)
  })
})

spec('viewSnapshot', (it) => {
  const ships = [ship, { ...ship, player: 259, x: 7.25, dashing: false, charge: 0 }]
  const gems = [
    { gem: 1, x: 2, y: 3 },
    { gem: 4, x: 5, y: 6 },
  ]
  const buffer = createBuffer(1, BufferKind.grow)
  writeServerMessage(buffer, { kind: 'snapshot', tick: 5, ships, gems })
  const bytes = getBufferBytes(buffer).slice(0, tellBuffer(buffer))

  it('shows what a snapshot has', () => {
    const sight = viewSnapshot(bufferOf(bytes))!
    const shown = Array.from(
      sight.ships,
      ({ player, x, y, vx, vy, dashing, charge, score }): ShipState => {
        return { player, x, y, vx, vy, dashing, charge, score }
      },
    )
    assert.equal(shown, ships)
    assert.equal(
      Array.from(sight.gems, ({ gem, x, y }) => ({ gem, x, y })),
      gems,
    )
  })

  it('finds one of them, which stays the one', () => {
    const sight = viewSnapshot(bufferOf(bytes))!
    const other = sight.ships.find(({ player }) => player === 259)
    assert.is(sight.ships.find(({ player }) => player === 258)?.x, 1.5)
    assert.is(other?.x, 7.25)
    assert.is(sight.gems.find(({ y }) => y === 6)?.gem, 4)
    assert.is(
      sight.gems.find(({ gem }) => gem === 2),
      undefined,
    )
  })

  it('shows nothing of a snapshot that is cut, wherever it is, or of another message', () => {
    for (let size = 0; size < bytes.length; size++)
      assert.is(viewSnapshot(bufferOf(bytes.subarray(0, size))), undefined, `cut to ${size}`)
    for (const [{ kind }, hex] of serverBytes)
      assert.is(viewSnapshot(bufferOf(bytesOf(hex))) !== undefined, kind === 'snapshot')
  })
})

spec('cleanText', (it) => {
  for (const [text, clean] of [
    ['  Ann \t\n Lee ', 'Ann Lee'],
    ['\u001b[31mred\u0007', '[31mred'],
    ['\u202Eevil\u200B', 'evil'],
    ['\ud800x', 'x'],
    ['👾👾👾👾👾👾', '👾👾👾👾'],
    ['1234 678', '1234'],
    ['', ''],
  ] as const)
    it(`makes ${JSON.stringify(clean)} of ${JSON.stringify(text)}`, () => {
      assert.is(cleanText(text, text.startsWith('👾') ? 4 : text.startsWith('1') ? 5 : 16), clean)
    })
})
