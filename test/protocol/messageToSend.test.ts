import { createBuffer, BufferKind, BufferType, writeBuffer } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { MessageType } from '../../src/constants/MessageType.ts'
import { NetworkError } from '../../src/constants/NetworkError.ts'
import {
  copyMessage,
  type MessageForm,
  messageToSend,
  sentBytes,
  type SendSource,
} from '../../src/protocol/messageToSend.ts'
import { spec } from '../spec.ts'

const bytes = Uint8Array.of(1, 2, 3)

/** The bytes of a message in hex, or the error. */
function send(source: SendSource, size?: number, form: MessageForm = 'packet'): string | number {
  const message = messageToSend('send', source, size, form)
  return typeof message === 'number' ? message : Buffer.from(copyMessage(message)).toString('hex')
}

/** What sending reports. */
function sent(form: MessageForm): number {
  const message = messageToSend('send', bytes, undefined, form)
  return typeof message === 'number' ? message : sentBytes(message)
}

spec('a message to send', (it) => {
  it('is all of some bytes, or as many as asked for', () => {
    assert.is(send(bytes), '010203')
    for (const [size, hex] of ['', '01', '0102', '010203'].entries())
      assert.is(send(bytes, size), hex)
    assert.is(send(bytes, 4), NetworkError.tooLarge)
    assert.is(send(bytes, 0xffff_ffff), NetworkError.tooLarge)
  })

  it('is too large from 4 GiB on, whose length a header has no room for', () => {
    for (const [length, isSent] of [
      [0xffff_ffff, true],
      [0x1_0000_0000, false],
    ] as const) {
      const large = Object.defineProperty(Uint8Array.of(1), 'length', { value: length })
      const message = messageToSend('send', large, undefined, 'packet')
      assert.is(message !== NetworkError.tooLarge, isSent)
    }
  })

  it('is what was written into a buffer, or as much of the buffer as asked for', () => {
    const buffer = createBuffer(4, BufferKind.fixed, 1)
    writeBuffer(buffer, BufferType.u16, 0x0201)
    assert.is(send(buffer), '0102')
    assert.is(send(buffer, 4), '01020000')
    assert.is(send(buffer, 5), NetworkError.tooLarge)
  })

  it('ends a text with NUL in a packet, at its first NUL, and sends it as it is elsewhere', () => {
    assert.is(send('aé'), '61c3a900')
    assert.is(send('a\0b'), '6100')
    assert.is(send(''), '00')
    for (const form of [MessageType.text, MessageType.binary]) {
      assert.is(send('aé', undefined, form), '61c3a9')
      assert.is(send('a\0b', undefined, form), '610062')
    }
  })

  it('has no size but a whole number from 0 on', () => {
    for (const size of [-1, 0.5, NaN, Infinity])
      assert.throws(() => send(bytes, size), /^send: size must be an integer/)
  })

  it('counts the header of a packet as sent', () => {
    assert.is(sent('packet'), 15)
    assert.is(sent(MessageType.binary), 3)
    assert.is(sent(MessageType.text), 3)
  })
})
