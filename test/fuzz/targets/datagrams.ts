// What is asked of the bytes of a datagram, and of the first bytes of a connection: any bytes get an answer that a slower
// reading of the protocol gives too.

import * as assert from 'uvu/assert'
import { crc32 } from 'node:zlib'
import { payloadStart } from '../../../src/protocol/datagram.ts'
import { guessProtocol, mayBePackets } from '../../../src/protocol/guessProtocol.ts'
import {
  createAck,
  createData,
  readReliable,
} from '../../../src/protocol/reliable/reliableDatagram.ts'
import { secondPacket } from '../../lib/SecondDecoder.ts'
import { type Draw } from '../Draw.ts'
import { type Target } from '../Fuzzer.ts'
import { mutate } from '../mutate.ts'
import { streamTokens } from './streams.ts'

const firstBytes = ['GET / HTTP/1.1\r\n', '{"a":1}', 'hello\0', '\x16\x03\x01\x02', ' \n[1'].map(
  (text) => Buffer.from(text, 'latin1'),
)

function drawDatagram(draw: Draw): Uint8Array {
  const payload = draw.bytes(draw.isLucky(0.02) ? draw.one([1_188, 1_189]) : draw.size(60))
  switch (draw.below(5)) {
    case 0:
      return draw.isLucky(0.2) ? draw.one([...firstBytes, ...streamTokens]) : payload
    case 1:
      return secondPacket(payload)
    case 2:
      return createAck(draw.word(), draw.below(65_536), draw.below(32_768))
    case 3:
      return seal(mutate(drawData(draw, payload), draw, []))
    default:
      return drawData(draw, payload)
  }
}

function drawData(draw: Draw, payload: Uint8Array): Uint8Array {
  const [isOpening, isLast] = [draw.isLucky(0.5), draw.isLucky(0.5)]
  return createData(draw.word(), draw.below(65_536), draw.below(8_192), isOpening, isLast, payload)
}

/** With the checksum that it ought to have, so that what stands behind that is looked at. */
function seal(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 4) return bytes
  const sealed = bytes.slice()
  new DataView(sealed.buffer).setUint32(0, sumOf(sealed), true)
  return sealed
}

function sumOf(bytes: Uint8Array): number {
  return crc32(Buffer.concat([Buffer.from('BNR1'), bytes.subarray(4)]))
}

function runDatagram(input: Uint8Array): string {
  // Not at the start of its memory.
  const memory = new Uint8Array(input.length + 5).fill(0xee)
  memory.set(input, 3)
  const bytes = memory.subarray(3, 3 + input.length)
  const view = new DataView(memory.buffer, 3, input.length)
  const size = Buffer.from(bytes)
  const isPacket =
    size.length >= 12 && size.equals(secondPacket(bytes.subarray(12))) && size.length - 12 >= 0
  assert.is(payloadStart(view), isPacket ? 12 : 0)
  const guess = guessProtocol(bytes)
  const mayBe = mayBePackets(bytes, 0)
  if (guess === 'greeting' || guess === 'answer' || guess === 'packets') assert.ok(mayBe, guess)
  const kind = runReliable(bytes)
  assert.ok(
    memory.every((byte, at) => (at >= 3 && at < 3 + input.length) || byte === 0xee),
    'wrote beyond it',
  )
  return kind ?? (isPacket ? 'packet' : guess)
}

function runReliable(bytes: Uint8Array): string | undefined {
  const datagram = readReliable(bytes)
  const { length } = bytes
  const isSealed =
    length >= 12 && length <= 1_200 && Buffer.from(bytes).readUInt32LE(0) === sumOf(bytes)
  const part = isSealed ? Buffer.from(bytes).readUInt16LE(10) : 0
  const isAck = part >= 0x8000
  assert.is(datagram !== undefined, isSealed && (!isAck || length === 12), 'reliable')
  if (datagram === undefined) return undefined
  // What was read makes the same bytes again.
  const { session, sequence } = datagram
  const again =
    datagram.kind === 'ack'
      ? createAck(session, sequence, datagram.bits)
      : createData(
          session,
          sequence,
          datagram.index,
          datagram.isOpening,
          datagram.isLast,
          datagram.payload,
        )
  assert.ok(Buffer.from(again).equals(bytes), 'the same bytes again')
  return datagram.kind
}

export const datagrams: Target = {
  name: 'datagrams',
  draw: drawDatagram,
  tokens: [...streamTokens, ...firstBytes],
  run: runDatagram,
  outcomes: ['data', 'ack', 'packet', 'unknown', 'text', 'http', 'json', 'tls'],
}
