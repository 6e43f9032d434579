// The messages but snapshots. Bytes by hand, as docs/replication-protocol.md has them.

import * as assert from 'uvu/assert'
import { type BitWriter, createBitWriter } from '../../src/bits/BitWriter.ts'
import { createAckWindow, isExpected, noteArrival } from '../../src/replication/AckWindow.ts'
import { MessageKind } from '../../src/replication/envelope.ts'
import {
  envelopeBytes,
  kindOf,
  readAck,
  readChallenge,
  readHello,
  readRefused,
  readWelcome,
  sessionOf,
  versionOf,
  writeAck,
  writeBye,
  writeChallenge,
  writeHello,
  writeRefused,
  writeWelcome,
} from '../../src/replication/messages.ts'
import { mulberry32 } from '../lib/random.ts'
import { rowSeed } from '../lib/row.ts'
import { spec } from '../spec.ts'

function bytesOf(write: (writer: BitWriter) => void): Uint8Array {
  const writer = createBitWriter(1 << 18)
  write(writer)
  assert.not.ok(writer.failed)
  return writer.bytes.slice(0, writer.at)
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const token = Uint8Array.from({ length: 16 }, (_, at) => at)
const tokenHex = '000102030405060708090a0b0c0d0e0f'
const none = new Uint8Array(0)
const hello = { schemaHash: 0x0123456789abcdefn, epoch: 7, token: none, proof: 0 }
const welcome = {
  schemaHash: 0x0123456789abcdefn,
  epoch: 0xfffffffe,
  tick: 260,
  tickUs: 16_667,
  history: 32,
  token,
}
const ack = { clientSequence: 1, sequence: 0xfffe, mask: 0x80000001, heldMs: 5 }
const helloHex = '6265520101efcdab89674523010700000000'
const welcomeHex = `6265520102efcdab8967452301feffffff040100001b41000020${tokenHex}`
const ackHex = '62655201050100feff010000800500'

spec('messages of replication', (it) => {
  it('are as the page says', () => {
    assert.is(hexOf(bytesOf((writer) => writeHello(writer, hello))), helloHex)
    assert.is(
      hexOf(bytesOf((writer) => writeHello(writer, { ...hello, token }))),
      `${helloHex.slice(0, -2)}10${tokenHex}`,
    )
    assert.is(
      hexOf(bytesOf((writer) => writeHello(writer, { ...hello, proof: 0xabcd }, 0))),
      `${helloHex.slice(0, 10)}00000000${helloHex.slice(10)}cdab0000${'00'.repeat(38)}`,
    )
    assert.is(hexOf(bytesOf((writer) => writeWelcome(writer, welcome))), welcomeHex)
    assert.is(
      hexOf(bytesOf((writer) => writeRefused(writer, { reason: 2, schemaText: 'A :u8' }))),
      '626552010302050041203a7538',
    )
    assert.is(hexOf(bytesOf((writer) => writeAck(writer, ack))), ackHex)
    assert.is(hexOf(bytesOf((writer) => writeChallenge(writer, 1))), '62655201060000000001000000')
    assert.is(hexOf(bytesOf((writer) => writeBye(writer))), '6265520107')
    assert.is(hexOf(bytesOf((writer) => writeBye(writer, 0x11223344))), '626552010744332211')
  })

  it('come back', () => {
    const helloBytes = bytesOf((writer) => writeHello(writer, { ...hello, token }))
    assert.is(kindOf(helloBytes), MessageKind.hello)
    assert.equal(readHello(helloBytes, 5, false), { ...hello, token })
    const datagram = bytesOf((writer) => writeHello(writer, { ...hello, proof: 9 }, 0))
    assert.is(datagram.length, 64)
    assert.is(sessionOf(datagram), 0)
    assert.equal(readHello(datagram, envelopeBytes(true), true), { ...hello, proof: 9 })
    assert.equal(
      readWelcome(
        bytesOf((writer) => writeWelcome(writer, welcome)),
        5,
      ),
      welcome,
    )
    const refused = { reason: 2, schemaText: 'Åsa :u8' }
    assert.equal(
      readRefused(
        bytesOf((writer) => writeRefused(writer, refused)),
        5,
      ),
      refused,
    )
    assert.equal(
      readAck(
        bytesOf((writer) => writeAck(writer, ack)),
        5,
      ),
      ack,
    )
    assert.is(
      readChallenge(
        bytesOf((writer) => writeChallenge(writer, 0xffffffff)),
        9,
      ),
      0xffffffff,
    )
  })

  it('begin with the tag, or are none', () => {
    for (const [hex, kind, version] of [
      ['6265520107', 7, 1],
      ['6265520207', 0, 2],
      ['6265520100', 0, 1],
      ['6265520108', 0, 1],
      ['62655201', 0, 1],
      ['626552', 0, 0],
      ['0065520107', 0, 0],
      ['', 0, 0],
    ] as const) {
      const bytes = Buffer.from(hex, 'hex')
      assert.equal([kindOf(bytes), versionOf(bytes)], [kind, version], hex)
    }
  })

  it('are not read if a byte is missing, left over or impossible', () => {
    const whole = [
      [helloHex, (bytes: Uint8Array) => readHello(bytes, 5, false)],
      [welcomeHex, (bytes: Uint8Array) => readWelcome(bytes, 5)],
      [ackHex, (bytes: Uint8Array) => readAck(bytes, 5)],
      ['626552010302050041203a7538', (bytes: Uint8Array) => readRefused(bytes, 5)],
    ] as const
    for (const [hex, read] of whole) {
      const bytes = Buffer.from(hex, 'hex')
      assert.ok(read(bytes) !== undefined, hex)
      for (let size = 5; size < bytes.length; size++)
        assert.is(read(bytes.subarray(0, size)), undefined, `${hex} ${size}`)
      assert.is(read(Buffer.concat([bytes, Buffer.alloc(1)])), undefined)
    }
    const wrong = Buffer.from(welcomeHex, 'hex')
    wrong[wrong.length - 17] = 33
    assert.is(readWelcome(wrong, 5), undefined, 'a history of 33')
    const short = bytesOf((writer) => writeHello(writer, hello, 0)).subarray(0, 63)
    assert.is(readHello(short, 9, true), undefined, 'a hello in less than 64 bytes')
  })
})

spec('the window of acknowledgements', (it) => {
  it(`names what has arrived of the newest 33, SEED=${rowSeed}`, () => {
    const random = mulberry32(rowSeed)
    for (let round = 0; round < 50; round++) {
      const acks = createAckWindow()
      const arrived = new Set<number>()
      const start = Math.floor(random() * 65_536)
      let newest = -1
      for (let number = 0; number < 300; number++) {
        const one = Math.max(0, number - Math.floor(random() * random() * 60))
        const sequence = (start + one) & 0xffff
        const isNew = !arrived.has(one) && one >= newest - 32
        assert.is(isExpected(acks, sequence), isNew, `${one} after ${newest}`)
        if (!isNew) continue
        noteArrival(acks, sequence)
        arrived.add(one)
        newest = Math.max(newest, one)
        assert.is(acks.newest, (start + newest) & 0xffff)
        for (let back = 1; back <= 32; back++)
          assert.is(((acks.mask >>> (back - 1)) & 1) === 1, arrived.has(newest - back))
      }
    }
  })
})
