// Real transports behind a bad line, in virtual time.

import {
  type Connection,
  createMemoryTransport,
  createVirtualClock,
  DisconnectReason,
  MessageType,
  SocketType,
  type Transport,
  type VirtualClock,
} from 'bitecs-networking'
import {
  type ConditionedTransport,
  type LineChoice,
  withConditions,
} from 'bitecs-networking/simulation'
import { ConnectionRecorder } from 'bitecs-networking/testing'
import * as assert from 'uvu/assert'
import { mulberry32 } from '../lib/random.ts'
import { spec } from '../spec.ts'
import { ScriptedTransport } from './ScriptedTransport.ts'

const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value))
const connectOptions = {
  host: 'server',
  port: 6_510,
  timeoutMs: 4_000,
  messageBytesMax: 1_000_000,
  protocol: '',
}
const listenOptions = { port: 6_510, messageBytesMax: 1_000_000, handshakeTimeoutMs: 10_000 }

/** A connection behind a bad line, seen from both sides of the line. */
interface Bench {
  readonly clock: VirtualClock
  readonly transport: ConditionedTransport & Transport
  readonly real: ScriptedTransport
  readonly near: Connection
  readonly recorder: ConnectionRecorder
  /** What was done to the real connection. */
  readonly calls: string[]
}

function prepare(
  conditions: LineChoice,
  real = new ScriptedTransport(),
): Pick<Bench, 'clock' | 'transport' | 'real'> {
  const clock = createVirtualClock()
  const options = { clock, random: mulberry32(1) }
  const transport = withConditions(real, conditions, options) as Bench['transport']
  return { clock, transport, real }
}

/** A client that has connected over a perfect line, which then gets its conditions. */
function connected(conditions: LineChoice, boundaries?: 'stream' | 'message'): Bench {
  const bench = prepare('perfect', new ScriptedTransport(boundaries))
  const { transport, real } = bench
  const recorder = new ConnectionRecorder()
  const near = transport.connect(connectOptions, recorder)
  real.events!.opened(real.connection)
  assert.equal(recorder.log, ['opened'])
  transport.setConditions(conditions)
  return { ...bench, near, recorder, calls: real.connection.calls }
}

const hex = (value: string): string => Buffer.from(value).toString('hex')

spec('a real transport behind a bad line', (it) => {
  it('delays both directions, each by its own latency, and keeps the order', () => {
    const { clock, near, calls, real, recorder } = connected({
      out: { latencyMs: 30, jitterMs: 20 },
      in: { latencyMs: 70 },
    })
    for (const word of ['a', 'b', 'c']) near.write(text(word))
    for (const word of ['d', 'e']) real.events!.received(text(word))
    clock.advance(5)
    assert.equal([calls, recorder.messages], [[], []])
    clock.advance(60)
    assert.equal([calls, recorder.messages], [['write a', 'write b', 'write c'], []])
    clock.advance(5)
    assert.equal(recorder.log, ['opened', hex('d'), hex('e')])
  })

  it('passes everything on at once while it is perfect', () => {
    const { near, calls, real, recorder } = connected({})
    near.write(text('up'))
    real.events!.received(text('down'))
    near.ping?.()
    real.events!.alive()
    near.close('goingAway')
    assert.equal(calls, ['write up', 'ping', 'close goingAway'])
    assert.equal(recorder.log, ['opened', hex('down'), 'alive'])
  })

  it('takes a while to connect, and to be accepted', () => {
    const { clock, transport, real } = prepare({ latencyMs: 50 })
    const recorder = new ConnectionRecorder()
    const near = transport.connect(connectOptions, recorder)
    assert.equal([real.events, near.remoteIp], [undefined, ''])
    clock.advance(50)
    real.events!.opened(real.connection)
    clock.advance(49)
    assert.equal(recorder.log, [])
    clock.advance(1)
    assert.equal([recorder.log, near.remoteIp, near.localPort], [['opened'], '10.0.0.7', 8])

    const accepted: Connection[] = []
    listenAt(transport, accepted)
    real.listener!.accepted(real.connection)
    clock.advance(49)
    assert.is(accepted.length, 0)
    clock.advance(1)
    assert.is(accepted[0]!.handshakeMs, 55)
  })

  it('copies what waits, with the limits of its messages', () => {
    const { clock, near, calls } = connected({ latencyMs: 10 }, 'message')
    const bytes = text('onetwo')
    const limits = { ends: [3, 6], types: [MessageType.text, MessageType.binary] }
    near.write(bytes, limits)
    bytes.fill(0)
    limits.ends.fill(0)
    limits.types.fill(MessageType.binary)
    clock.advance(10)
    const { text: asText, binary } = MessageType
    assert.equal(calls, [`write onetwo 3,6/${asText},${binary}`])
  })

  it('counts what waits to leave, and says when all has left', () => {
    // 65,536 bytes and the headers of their packets take 67.3 ms.
    const { clock, near, recorder } = connected({ bytesPerSecond: 1_000_000, latencyMs: 500 })
    near.write(new Uint8Array(131_072))
    assert.is(near.pendingBytes, 131_072)
    clock.advance(68)
    assert.is(near.pendingBytes, 65_536)
    assert.is(recorder.count('drained'), 0)
    clock.advance(68)
    assert.equal([near.pendingBytes, recorder.count('drained')], [0, 1])
  })

  it('says that all has left when the real connection has taken it, also of what came late', () => {
    const { clock, near, recorder, real } = connected({ latencyMs: 10 })
    near.write(text('late'))
    assert.is(near.pendingBytes, 0)
    real.connection.pendingBytes = 4
    clock.advance(10)
    assert.is(near.pendingBytes, 4)
    real.connection.pendingBytes = 0
    real.events!.drained()
    assert.is(recorder.count('drained'), 1)
  })

  it('closes behind what was written, and emits nothing from then on', () => {
    const { clock, near, calls, real, recorder } = connected({ latencyMs: 10 })
    near.write(text('last words'))
    real.events!.received(text('on its way'))
    near.close('full')
    near.write(text('after'))
    real.events!.received(text('too late'))
    assert.equal(calls, [])
    clock.advance(100)
    assert.equal(calls, ['write last words', 'close full'])
    real.events!.ended(DisconnectReason.closed)
    clock.advance(100)
    assert.equal(recorder.log, ['opened'])
    assert.is(clock.pendingTimers, 0)
  })

  it('drops what waits when the peer ends first, while it closes', () => {
    const { clock, near, calls, real, recorder } = connected({ latencyMs: 10 })
    near.write(text('nobody is there'))
    near.close()
    real.events!.ended(DisconnectReason.closed)
    assert.is(clock.pendingTimers, 0)
    clock.advance(100)
    assert.equal([calls, recorder.log], [[], ['opened']])
  })

  it('drops what waits when it is reset, and leaves no timer', () => {
    const { clock, near, calls, real, recorder } = connected({ latencyMs: 10 })
    near.write(text('dropped'))
    real.events!.received(text('dropped'))
    near.reset(DisconnectReason.tooLarge)
    assert.equal([calls, clock.pendingTimers], [[`reset ${DisconnectReason.tooLarge}`], 0])
    clock.advance(100)
    assert.equal([calls.length, recorder.log, near.pendingBytes], [1, ['opened'], 0])
  })

  it('ends behind all that has come, once, also for a receiver that was paused', () => {
    const { clock, near, real, recorder } = connected({ latencyMs: 10 })
    near.pause()
    real.events!.received(text('first'))
    real.events!.received(text('second'))
    real.events!.ended(DisconnectReason.reset)
    assert.is(near.isClosing?.(), true)
    clock.advance(100)
    assert.equal(recorder.log, ['opened'])
    recorder.onReceived = () => near.pause()
    near.resume()
    assert.equal(recorder.log, ['opened', hex('first')])
    recorder.onReceived = () => {}
    near.resume()
    const all = ['opened', hex('first'), hex('second'), `ended ${DisconnectReason.reset}`]
    assert.equal(recorder.log, all)
    assert.is(clock.pendingTimers, 0)
  })

  it('makes the peer wait while its receiver is paused, and when too much is on the line', () => {
    const { clock, near, calls, real } = connected({ in: { latencyMs: 100 } })
    near.pause()
    near.resume()
    assert.equal(calls.splice(0), ['pause', 'resume'])
    for (let count = 0; count < 4; count++) real.events!.received(new Uint8Array(1_048_576))
    assert.equal(calls, ['pause'])
    clock.advance(100)
    assert.equal(calls, ['pause', 'resume'])
    // Empty ones take memory too.
    for (let count = 0; count < 34_000; count++) real.events!.received(new Uint8Array())
    assert.equal(calls.slice(2), ['pause'])
  })

  it('splits frames for a receiver that does not take them', () => {
    const { real, recorder, clock } = connected({ in: { latencyMs: 10 } }, 'message')
    const frames = new Uint8Array([0x82, 2, 1, 2, 0x82, 1, 3])
    const { buffer } = frames
    assert.is(real.events!.receivedFrames!(frames, new DataView(buffer), 2), true)
    clock.advance(10)
    assert.equal(recorder.log, ['opened', 'b:0102', 'b:03'])
  })

  it('holds what is sent while it is cut, and goes on when it is healed', () => {
    const { clock, transport, near, calls, real, recorder } = connected({ latencyMs: 10 })
    transport.cut()
    near.write(text('up'))
    real.events!.received(text('down'))
    real.connection.bytesRead = 4
    clock.advance(3_000)
    assert.equal([calls, recorder.log, near.bytesRead], [[], ['opened'], 0])
    transport.heal('out')
    clock.advance(4_000)
    assert.equal([calls, recorder.log], [['write up'], ['opened', 'drained']])
    transport.heal()
    clock.advance(8_000)
    assert.equal([recorder.log.at(-1), near.bytesRead], [hex('down'), 4])
  })

  it('ends a connection that stays cut, and what was closed while it was', () => {
    const silent = connected({ latencyMs: 10 })
    silent.transport.cut('in')
    silent.clock.advance(19_999)
    assert.equal(silent.recorder.log, ['opened'])
    silent.clock.advance(1)
    assert.equal(silent.recorder.log, ['opened', `ended ${DisconnectReason.timedOut}`])
    assert.equal(silent.calls, ['reset'])

    const closed = connected({})
    closed.transport.cut()
    closed.near.write(text('never'))
    closed.near.close()
    closed.clock.advance(5_000)
    assert.equal([closed.calls, closed.clock.pendingTimers], [['reset'], 0])
  })

  it('turns away who comes through when its listener has closed, or too late', () => {
    const { clock, transport, real } = prepare({ latencyMs: 50 })
    const accepted: Connection[] = []
    const { listener, rejected } = listenAt(transport, accepted)
    real.listener!.accepted(real.connection)
    listener.close()
    clock.advance(100)
    assert.equal([accepted, real.connection.calls], [[], ['close goingAway']])

    const again = listenAt(transport, accepted)
    transport.cut()
    real.listener!.accepted(real.connection)
    clock.advance(10_000)
    assert.equal([accepted, real.connection.calls.at(-1)], [[], 'reset'])
    assert.equal([rejected(), again.rejected(), clock.pendingTimers], [0, 1, 0])
  })

  it('refuses what it does not know', () => {
    const { transport } = prepare({})
    const wrong: (() => unknown)[] = [
      () => withConditions(SocketType.bluetooth, {}),
      () => withConditions('ws' as never, {}),
      () => withConditions(createMemoryTransport(), 'dialup' as never),
      () => withConditions(createMemoryTransport(), {}, { seed: 1 } as never),
      () => transport.setConditions({ out: { loss: '1' } } as never),
      () => transport.setConditions({ out: 'lte', up: 'lte' } as never),
      () => transport.cut('up' as never),
    ]
    for (const each of wrong) assert.throws(each, (error: unknown) => error instanceof TypeError)
    assert.throws(() => transport.setConditions({ in: { loss: 2 } }), /0\.\.1/)
  })

  it('leaves all as it was when one of two directions is wrong', () => {
    const { clock, near, transport, calls } = connected({ latencyMs: 10 })
    assert.throws(() => transport.setConditions({ out: 'perfect', in: { loss: 2 } }))
    near.write(text('late'))
    assert.equal(calls, [])
    clock.advance(10)
    assert.equal(calls, ['write late'])
  })
})

function listenAt(
  transport: Transport,
  accepted: Connection[],
): { listener: { close(): void }; rejected: () => number } {
  let rejections = 0
  const listener = transport.listen(listenOptions, {
    accepted(connection) {
      accepted.push(connection)
      return new ConnectionRecorder(connection)
    },
    listening() {},
    failed() {},
    warned() {},
    rejected: () => rejections++,
  })
  if (typeof listener === 'number') throw new Error(`listen: ${listener}`)
  return { listener, rejected: () => rejections }
}
