import * as assert from 'uvu/assert'
import { type ByteStream, endStream, isUnfinished } from '../../src/protocol/ByteStream.ts'
import { spec } from '../spec.ts'
import {
  bytesOf,
  createSecond,
  createTrace,
  discarded,
  hexOf,
  joinBytes,
  joinEvents,
  packet,
  policies,
  raw,
  roles,
  type Setting,
  type StreamCall,
  tells,
  type Trace,
} from './trace.ts'

const hello = 'dec0adde0c0000000500000068656c6c6f'
const helloEvent = packet('68656c6c6f')

/** Bytes that would have an effect in every phase and under every policy, if anything were heard. */
const later = ['00', hello, `${hello}00`, hexOf(joinBytes('server')), hexOf(joinBytes('client'))]

function isDeaf(trace: Trace): void {
  const before = trace.events.length
  for (const hex of later) trace.feed(bytesOf(hex))
  assert.equal(trace.events.slice(before), [])
}

/** Ends the stream at the end of each call of this name. */
function endIn(name: StreamCall): (called: StreamCall, stream: ByteStream) => void {
  return (called, stream) => {
    if (called === name) endStream(stream)
  }
}

spec('endStream', (it) => {
  it('nothing has an effect afterwards, in any phase, role, mode and policy', () => {
    for (const role of roles)
      for (const policy of policies) {
        const bytes = bytesOf(hexOf(joinBytes(role)), hello, hello)
        for (let size = 0; size <= bytes.length; size++)
          for (const isRaw of [false, true]) {
            const trace = createTrace({ role, policy, raw: isRaw })
            trace.feed(bytes.subarray(0, size))
            endStream(trace.stream)
            assert.is(trace.stream.phase, 'ended')
            isDeaf(trace)
            assert.is(endStream(trace.stream), 0)
          }
      }
  })

  it('W14: returns the bytes of a packet that is cut, at each place', () => {
    for (const role of roles) {
      const bytes = bytesOf(hello)
      for (let size = 0; size < bytes.length; size++) {
        const chunks = [joinBytes(role), bytesOf(hello), bytes.subarray(0, size)]
        const trace = createTrace({ role })
        const second = createSecond({ role })
        for (const chunk of chunks) {
          trace.feed(chunk)
          second.receive(chunk)
        }
        assert.is(isUnfinished(trace.stream), size > 0)
        assert.is(endStream(trace.stream), size)
        assert.is(second.end(), size)
        assert.equal(trace.events, [...joinEvents(role), helloEvent])
        assert.not(isUnfinished(trace.stream))
        assert.is(trace.stream.assembly.bytes.length, 0)
      }
    }
  })

  it('returns 0 when nothing is unfinished: whole packets, raw bytes, garbage', () => {
    for (const role of roles)
      for (const setting of [{ role }, { role, raw: true }] satisfies Setting[]) {
        const trace = createTrace(setting)
        for (const chunk of [joinBytes(role), bytesOf(hello), bytesOf('00')]) trace.feed(chunk)
        assert.not(isUnfinished(trace.stream))
        assert.is(endStream(trace.stream), 0)
      }
  })

  it('returns 0 during the handshake: it is no packet', () => {
    for (const role of roles) {
      const bytes = joinBytes(role)
      for (let size = 0; size < bytes.length; size++) {
        const trace = createTrace({ role })
        trace.feed(bytes.subarray(0, size))
        assert.not(isUnfinished(trace.stream))
        assert.is(endStream(trace.stream), 0)
      }
    }
  })
})

spec('endStream :: called by the sink', (it) => {
  it('in opened: no welcome is sent, and no packet behind it is delivered', () => {
    for (const role of roles)
      for (const tail of ['', hello, '00', 'dec0adde0c000000ffffffff', 'dec0']) {
        const trace = createTrace({ role }, endIn('handshakeDone'))
        trace.feed(bytesOf(hexOf(joinBytes(role)), tail))
        const opened = joinEvents(role).findIndex(({ kind }) => kind === 'opened')
        assert.equal(trace.events, joinEvents(role).slice(0, opened + 1))
        assert.not(isUnfinished(trace.stream))
        isDeaf(trace)
      }
  })

  it('in reply of a client: the welcome in the same chunk is not taken', () => {
    const trace = createTrace({ role: 'client' }, endIn('reply'))
    trace.feed(bytesOf(hexOf(joinBytes('client')), hello))
    assert.equal(trace.events, joinEvents('client').slice(0, 1))
    isDeaf(trace)
  })

  it('in reply of a server: the packet in the same chunk is not delivered', () => {
    const trace = createTrace({ role: 'server' }, endIn('reply'))
    trace.feed(bytesOf(hexOf(joinBytes('server')), hello))
    assert.equal(trace.events, joinEvents('server'))
    isDeaf(trace)
  })

  it('in packets: what stands behind them in the chunk has no effect', () => {
    for (const role of roles)
      for (const policy of policies)
        for (const tail of ['', '00', '00'.repeat(20), 'dec0', 'dec0adde0c000000ffffffff']) {
          const trace = createTrace({ role, policy }, endIn('packets'))
          trace.feed(joinBytes(role))
          trace.feed(bytesOf(hello, hello, tail))
          assert.equal(trace.events, [...joinEvents(role), helloEvent, helloEvent])
          assert.not(isUnfinished(trace.stream))
          isDeaf(trace)
        }
  })

  it('in packets of one that was cut: whole packets behind it are not delivered', () => {
    for (const role of roles)
      for (const policy of policies)
        for (const tail of ['', hello, '00', 'dec0', 'dec0adde0c000000ffffffff'])
          for (const size of [1, 11, 12, 16]) {
            const trace = createTrace({ role, policy }, endIn('packets'))
            const bytes = bytesOf(hello, tail)
            trace.feed(joinBytes(role))
            trace.feed(bytes.subarray(0, size))
            trace.feed(bytes.subarray(size))
            assert.equal(trace.events, [...joinEvents(role), helloEvent])
            assert.not(isUnfinished(trace.stream))
            isDeaf(trace)
          }
  })

  it('in raw and discarded: nothing is heard afterwards', () => {
    for (const [policy, name, event] of [
      ['raw', 'raw', raw('dec000')],
      ['discard', 'discarded', discarded(3)],
    ] as const) {
      const trace = createTrace({ role: 'server', policy }, endIn(name))
      for (const hex of [hexOf(joinBytes('server')), 'dec0', '00']) trace.feed(bytesOf(hex))
      assert.equal(trace.events, [...joinEvents('server'), event])
      isDeaf(trace)
    }
    const trace = createTrace({ role: 'server', raw: true }, endIn('raw'))
    trace.feed(bytesOf('01'))
    assert.equal(trace.events, [raw('01')])
    isDeaf(trace)
  })

  it('in failed: it has ended already', () => {
    for (const chunk of ['00', 'dec0adde0c000000ffffffff']) {
      const trace = createTrace({ role: 'server', policy: 'close' }, endIn('protocolBroken'))
      trace.feed(joinBytes('server'))
      trace.feed(bytesOf(chunk))
      assert.is(trace.events.at(-1)?.kind, 'failed')
      isDeaf(trace)
    }
  })
})

spec('a stream that the peer has broken', (it) => {
  it('is deaf', () => {
    for (const role of roles)
      for (const hex of ['00', 'dec0adde0c000000ffffffff', `${hello}00`]) {
        const trace = createTrace({ role, policy: 'close' })
        trace.feed(joinBytes(role))
        trace.feed(bytesOf(hex))
        assert.is(trace.stream.phase, 'ended')
        isDeaf(trace)
      }
  })

  it('tells all bytes that are no packet as lost, however they came', () => {
    for (const role of roles)
      for (const [chunks, lost] of [
        [['00'], 1],
        [['dec000'], 3],
        [['dec0', '00'], 3],
        [[`${hello}dec0`, `00${hello}`], 20],
        [['dec0adde0c000000ffffffff'], 12],
        [['dec0adde0c00', '0000ffffffff'], 12],
        [[`${hello}dec0adde0c000000ffffffff0102`], 14],
        [[`${hello}dec0adde0c`, '000000ffffffff0102'], 14],
      ] as const) {
        const trace = createTrace({ role, policy: 'close' })
        trace.feed(joinBytes(role))
        for (const hex of chunks) trace.feed(bytesOf(hex))
        assert.is(trace.events.at(-1)?.kind, 'failed')
        assert.is(trace.lost, lost)
        assert.is(endStream(trace.stream), 0)
        assert.not(isUnfinished(trace.stream))
        assert.is(trace.stream.assembly.bytes.length, 0)
      }
  })

  it('fails once', () => {
    tells(
      { role: 'server', policy: 'close' },
      [joinBytes('server'), bytesOf('00'), bytesOf('00')],
      [...joinEvents('server'), { kind: 'failed', cause: 'malformed' }],
    )
  })
})
