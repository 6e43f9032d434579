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
  writeServerMessage,
} from '../../../demos/arena/shared/serverMessages.ts'
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

const ship = { player: 0x01020304, x: 1600, y: 258, score: 3 }
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
  [{ kind: 'welcome', version: 1, ship: 0x01020304 }, '01 01 04030201'],
  [
    { kind: 'sight', tick: 5, charge: 1, ships: [ship], gems: [{ gem: 1, x: 2, y: 3 }] },
    '02 05000000 ff 01 04030201 4006 0201 0300 01 01000000 0200 0300',
  ],
  [{ kind: 'said', name: 'Bo', hue: 359, text: 'Hi' }, '03 426f00 6701 486900'],
  [{ kind: 'said', name: '', hue: 0, text: 'Hi' }, '03 00 0000 486900'],
  [{ kind: 'pong', token: 1 }, '04 01000000'],
  [{ kind: 'log', events: [event] }, '05 01 09000000 03 0700 3a3a3100 6e19 03000000 03 010203'],
  [{ kind: 'refused', reason: 2, text: 'No' }, '06 02 4e6f00'],
  [{ kind: 'prove', token: 256 }, '07 00010000'],
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
