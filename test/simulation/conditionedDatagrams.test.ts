// Datagrams of a real transport behind a bad line, in virtual time.

import {
  createVirtualClock,
  type DatagramEndpoint,
  type DatagramEvents,
  type DatagramTransport,
  NetworkError,
  SocketType,
  type VirtualClock,
} from 'bitecs-networking'
import {
  type ConditionedTransport,
  type LineChoice,
  withConditions,
} from 'bitecs-networking/simulation'
import { DatagramRecorder } from 'bitecs-networking/testing'
import * as assert from 'uvu/assert'
import { mulberry32 } from '../lib/random.ts'
import { spec } from '../spec.ts'

/** The real endpoint: it remembers what was done to it. */
class ScriptedEndpoint implements DatagramEndpoint {
  readonly localPort = 6_510
  pendingBytes = 0
  pendingCount = 0
  /** What `send` and `broadcast` return. */
  result: 0 | NetworkError = 0
  readonly sent: string[] = []
  readonly calls: string[] = []

  reaches(ip: string): boolean {
    return !ip.includes(':')
  }

  send(bytes: Uint8Array, ip: string, port: number): 0 | NetworkError {
    this.sent.push(`${Buffer.from(bytes).toString('hex')} ${ip} ${port}`)
    return this.result
  }

  broadcast(bytes: Uint8Array, port: number): number {
    this.sent.push(`${Buffer.from(bytes).toString('hex')} all ${port}`)
    return this.result || 3
  }

  setMulticast(isOn: boolean): void {
    this.calls.push(`multicast ${isOn}`)
  }

  close(): void {
    this.calls.push('close')
  }
}

interface Bench {
  readonly clock: VirtualClock
  readonly transport: ConditionedTransport & DatagramTransport
  readonly real: ScriptedEndpoint
  /** What the real endpoint calls. */
  readonly events: DatagramEvents
  readonly endpoint: DatagramEndpoint
  readonly recorder: DatagramRecorder
}

function bound(conditions: LineChoice): Bench {
  const clock = createVirtualClock()
  const real = new ScriptedEndpoint()
  let events: DatagramEvents | undefined
  const datagrams: DatagramTransport = {
    type: SocketType.udp,
    capabilities: {
      ordered: true,
      reliable: true,
      boundaries: 'message',
      connections: false,
      messageBytesMax: 65_507,
    },
    bind(_options, heard) {
      events = heard
      return real
    },
  }
  const options = { clock, random: mulberry32(5) }
  const transport = withConditions(datagrams, conditions, options) as Bench['transport']
  const recorder = new DatagramRecorder()
  const endpoint = transport.bind({ port: 6_510 }, recorder)
  if (typeof endpoint === 'number') throw new Error(`bind: ${endpoint}`)
  return { clock, transport, real, events: events!, endpoint, recorder }
}

const ip = '10.0.0.7'
const numbered = (number: number): Uint8Array => {
  const bytes = new Uint8Array(64)
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}

/** How many differ from each other, come twice, and come behind one with a higher number. */
function judge(numbers: readonly number[]): { distinct: number; twice: number; swapped: number } {
  const distinct = new Set(numbers).size
  let highest = -1
  let swapped = 0
  for (const number of numbers) {
    if (number < highest) swapped++
    highest = Math.max(highest, number)
  }
  return { distinct, twice: numbers.length - distinct, swapped }
}

spec('real datagrams behind a bad line', (it) => {
  it('promise neither order nor arrival', () => {
    const { capabilities } = bound({}).transport
    assert.equal([capabilities.ordered, capabilities.reliable], [false, false])
  })

  it('are lost, repeated and swapped, both ways', () => {
    const count = 2_000
    const { clock, transport, real, events, endpoint, recorder } = bound({
      latencyMs: 30,
      loss: 0.1,
      duplicate: 0.05,
      reorder: 0.2,
    })
    for (let number = 0; number < count; number++) {
      assert.is(endpoint.send(numbered(number), ip, 7), 0)
      events.received(numbered(number), ip, 8)
      clock.advance(1)
    }
    clock.advance(1_000)
    const out = real.sent.map((line) => Number.parseInt(line.slice(0, 8), 16))
    const back = recorder.messages.map(({ buffer }) => new DataView(buffer).getUint32(0))
    for (const numbers of [out, back]) {
      const { distinct, twice, swapped } = judge(numbers)
      assert.ok(distinct > count * 0.88 && distinct < count * 0.93, `${distinct} distinct`)
      assert.ok(twice > count * 0.03 && twice < count * 0.07, `${twice} twice`)
      assert.ok(swapped > count * 0.1, `${swapped} swapped`)
    }
    assert.ok(real.sent.every((line) => line.endsWith(` ${ip} 7`)))
    assert.ok(recorder.senders.every(([from, port]) => from === ip && port === 8))
    assert.ok(transport.lostPackets > count * 0.16, `${transport.lostPackets} lost`)
    assert.is(clock.pendingTimers, 0)
  })

  it('arrive changed, each copy in memory of its own', () => {
    const { clock, endpoint, real, events, recorder } = bound({ corrupt: 1, duplicate: 1 })
    const bytes = numbered(1)
    endpoint.send(bytes, ip, 7)
    events.received(bytes, ip, 8)
    clock.advance(1)
    assert.equal(bytes, numbered(1))
    for (const line of real.sent)
      assert.is.not(line.slice(0, 128), Buffer.from(bytes).toString('hex'))
    assert.is(recorder.messages.length, 2)
    for (const message of recorder.messages) {
      const changed = [...message].filter((byte, at) => byte !== bytes[at])
      assert.is(changed.length, 1)
    }
    assert.is.not(recorder.messages[0]!.buffer, recorder.messages[1]!.buffer)
  })

  it('are refused at once where that is known, and else reported', () => {
    const { clock, transport, endpoint, real, recorder } = bound({})
    const { tooLarge, unreachable, hostNotFound, notConnected } = NetworkError
    assert.is(endpoint.send(new Uint8Array(65_508), ip, 7), tooLarge)
    assert.is(endpoint.send(numbered(1), '::1', 7), unreachable)
    real.result = hostNotFound
    assert.is(endpoint.send(numbered(1), ip, 7), hostNotFound)
    assert.is(endpoint.broadcast(numbered(1), 7), hostNotFound)
    transport.setConditions({ latencyMs: 10 })
    assert.is(endpoint.send(numbered(1), ip, 7), 0)
    assert.equal(recorder.errors, [])
    clock.advance(10)
    assert.equal(recorder.errors, [hostNotFound])
    endpoint.close()
    assert.is(endpoint.send(numbered(1), ip, 7), notConnected)
  })

  it('to everybody leave late too', () => {
    const { clock, transport, endpoint, real } = bound({})
    assert.is(endpoint.broadcast(numbered(1), 7), 3)
    transport.setConditions({ latencyMs: 10 })
    assert.is(endpoint.broadcast(numbered(2), 7), 1)
    assert.is(real.sent.length, 1)
    clock.advance(10)
    assert.is(real.sent.length, 2)
    endpoint.setMulticast(true)
    assert.equal(real.calls, ['multicast true'])
  })

  it('that were sent leave before the port is closed, and nothing is received any more', () => {
    const { clock, endpoint, real, events, recorder } = bound({ latencyMs: 10 })
    endpoint.send(numbered(1), ip, 7)
    events.received(numbered(2), ip, 8)
    endpoint.close()
    endpoint.close()
    events.received(numbered(3), ip, 8)
    // For what leaves, and for nothing else.
    assert.is(clock.pendingTimers, 1)
    assert.equal([real.sent, real.calls], [[], []])
    clock.advance(10)
    assert.equal([real.sent.length, real.calls, recorder.messages], [1, ['close'], []])
    assert.is(clock.pendingTimers, 0)
  })

  it('that wait are bounded: those to send count as pending, those to receive are dropped', () => {
    const { clock, transport, endpoint, real, events, recorder } = bound({ latencyMs: 1_000 })
    const large = new Uint8Array(65_000)
    for (let count = 0; count < 100; count++) {
      endpoint.send(large, ip, 7)
      events.received(large, ip, 8)
    }
    assert.ok(endpoint.pendingBytes > 2_000_000, `${endpoint.pendingBytes} pending`)
    assert.ok(transport.lostPackets > 30, `${transport.lostPackets} lost`)
    clock.advance(1_000)
    assert.equal([endpoint.pendingBytes, real.sent.length], [0, 100])
    assert.is(recorder.messages.length + transport.lostPackets, 100)
    real.pendingBytes = 5
    real.pendingCount = 1
    assert.equal([endpoint.pendingBytes, endpoint.pendingCount], [5, 1])
  })

  it('are lost while the line is cut', () => {
    const { clock, transport, endpoint, real, events, recorder } = bound({})
    transport.cut('in')
    endpoint.send(numbered(1), ip, 7)
    events.received(numbered(2), ip, 8)
    transport.heal()
    clock.advance(1_000)
    assert.equal([real.sent.length, recorder.messages.length], [1, 0])
  })
})
