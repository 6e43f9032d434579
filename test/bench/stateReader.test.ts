import * as assert from 'uvu/assert'
import { StateReader } from '../../bench/lib/load/StateReader.ts'
import { createTcpWire } from '../../bench/lib/tcpWire.ts'
import { createTickMessage, numberTickMessage } from '../../bench/lib/tickMessages.ts'
import { spec } from '../spec.ts'

const payloadBytes = 64
const wire = createTcpWire(payloadBytes)

spec('StateReader', (it) => {
  it('takes messages whose counters rise from any number, however they are cut', () => {
    const stream = streamOf([7, 8, 9])
    for (let size = 1; size <= stream.length; size++) {
      const reader = new StateReader(wire, payloadBytes)
      for (let at = 0; at < stream.length; at += size)
        reader.take(stream, at, Math.min(at + size, stream.length))
      assert.is(reader.received, 3, `in pieces of ${size}`)
    }
  })

  it('throws at any wrong byte but those of the first counter', () => {
    const counterAt = wire.replyPayloadAt
    const good = streamOf([7, 8])
    for (let at = 0; at < good.length; at++) {
      if (at >= counterAt && at < counterAt + 4) continue
      const bad = Buffer.from(good)
      bad[at]! ^= 1
      assert.throws(() => take(bad), /^state /, `byte ${at}`)
    }
  })

  it('throws at a message that is lost, doubled or out of order', () => {
    for (const counters of [
      [1, 3],
      [1, 1],
      [2, 1],
    ])
      assert.throws(() => take(streamOf(counters)), /expected/, counters.join(' '))
  })
})

function take(stream: Buffer): void {
  new StateReader(wire, payloadBytes).take(stream, 0, stream.length)
}

function streamOf(counters: readonly number[]): Buffer {
  const stream = Buffer.alloc(wire.replyBytes * counters.length)
  const view = new DataView(stream.buffer, stream.byteOffset)
  for (const [index, counter] of counters.entries()) {
    const at = index * wire.replyBytes
    wire.writeReply(view, at)
    stream.set(createTickMessage(payloadBytes), at + wire.replyPayloadAt)
    numberTickMessage(view, at + wire.replyPayloadAt, counter)
  }
  return stream
}
