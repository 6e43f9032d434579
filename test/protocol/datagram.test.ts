import * as assert from 'uvu/assert'
import { memoryOf } from '../../src/buffer/BufferMemory.ts'
import { createPacketDatagram, payloadStart } from '../../src/protocol/datagram.ts'
import { spec } from '../spec.ts'

/** Where the payload of a datagram begins. */
function startOf(hex: string): number {
  const bytes = Uint8Array.from(Buffer.from(hex, 'hex'))
  return payloadStart(new DataView(bytes.buffer))
}

spec('a datagram', (it) => {
  it('holds a header and the part of the memory that is the message', () => {
    const memory = memoryOf(Uint8Array.of(1, 2, 3, 4))
    const bytes = createPacketDatagram({ memory, start: 1, size: 2, form: 'packet' })
    assert.is(Buffer.from(bytes).toString('hex'), 'dec0adde0c000000020000000203')
  })

  it('has its payload behind a header that is right in every word', () => {
    assert.is(startOf('dec0adde0c0000000200000041ff'), 12)
    assert.is(startOf('dec0adde0c00000000000000'), 12)
  })

  it('is all payload otherwise', () => {
    for (const hex of [
      '',
      '41',
      'dec0adde0c000000000000',
      'dec0adde0c0000000300000041ff',
      'dec0adde0c0000000100000041ff',
      'dec0adde0d0000000200000041ff',
      'dec0addf0c0000000200000041ff',
    ])
      assert.is(startOf(hex), 0, hex)
  })
})
