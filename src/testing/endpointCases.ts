// The interface `DatagramTransport` itself, without worlds.

import {
  type DatagramEndpoint,
  type DatagramTransport,
  NetworkError,
  networkErrorName,
} from '../index.ts'
import { DatagramRecorder } from './DatagramRecorder.ts'
import { expect, expectSame } from './expect.ts'
import { createMessage, findFault } from './messages.ts'
import { type Stage, type StageCase } from './Stage.ts'

interface Bound {
  readonly endpoint: DatagramEndpoint
  readonly recorder: DatagramRecorder
}

function bind(stage: Stage, port = 0): Bound {
  const recorder = new DatagramRecorder()
  const transport = stage.subject.transport as DatagramTransport
  const endpoint = transport.bind({ port, host: stage.subject.server.host }, recorder)
  if (typeof endpoint === 'number')
    throw new Error(`expected: bind gives an endpoint, not ${networkErrorName(endpoint)}`)
  stage.atEnd(() => endpoint.close())
  return { endpoint, recorder }
}

/** The numeric address that endpoints send to. */
const ipOf = ({ subject }: Stage): string => subject.ip ?? '127.0.0.1'

/** Sends a datagram again and again until one has come through; how often. */
async function deliver(
  stage: Stage,
  from: DatagramEndpoint,
  to: Bound,
  bytes: Uint8Array,
): Promise<number> {
  const before = to.recorder.messages.length
  const end = performance.now() + stage.subject.patienceMs
  for (let count = 1; ; count++) {
    expect(performance.now() <= end, `one of ${count - 1} datagrams arrives`)
    const result = from.send(bytes.slice(), ipOf(stage), to.endpoint.localPort)
    expectSame(result, 0, 'what send gives')
    for (let turns = 0; turns < 20; turns++) {
      if (to.recorder.messages.length > before) return count
      await stage.settle(1)
    }
  }
}

/** The interface `DatagramTransport` itself, without worlds. */
export const endpointCases: readonly StageCase[] = [
  {
    name: 'interface: an endpoint has a port at once, and its datagrams show it',
    async play(stage) {
      const [one, two] = [bind(stage), bind(stage)]
      const ports = [one.endpoint.localPort, two.endpoint.localPort]
      expect(
        ports.every((port) => port > 0 && port < 65_536),
        'ports are 1..65535',
      )
      expect(ports[0] !== ports[1], 'the ports differ')
      await deliver(stage, one.endpoint, two, createMessage(1, 20))
      await deliver(stage, two.endpoint, one, createMessage(2, 20))
      expectSame(two.recorder.senders[0], [ipOf(stage), ports[0]], 'ip and port of the sender')
      expectSame(one.recorder.senders[0], [ipOf(stage), ports[1]], 'ip and port of the sender')
    },
  },
  {
    name: 'interface: datagrams keep their limits and contents, empty ones too',
    async play(stage) {
      const [one, two] = [bind(stage), bind(stage)]
      const limit = stage.subject.capabilities.messageBytesMax
      for (const [number, size] of [0, 1, 500, 1_200, 1_500, limit].entries()) {
        if (size > limit) continue
        const bytes = createMessage(number, size)
        const before = two.recorder.messages.length
        const count = await deliver(stage, one.endpoint, two, bytes)
        await stage.settle(3)
        const sent = Array.from({ length: count }, () => bytes)
        const promises = { ordered: false, reliable: false, boundaries: 'message' } as const
        const fault = findFault(sent, two.recorder.messages.slice(before), promises)
        expect(fault === undefined, `what was sent is what arrives; ${fault}`)
      }
    },
  },
  {
    name: 'interface: the bytes of a received datagram are the receiver’s',
    async play(stage) {
      const [one, two] = [bind(stage), bind(stage)]
      await deliver(stage, one.endpoint, two, createMessage(1, 50))
      const first = two.recorder.messages[0]!
      for (let number = 2; number < 20; number++)
        await deliver(stage, one.endpoint, two, createMessage(number, 50))
      expectSame([...first], [...createMessage(1, 50)], 'the first datagram, later')
      const second = two.recorder.messages[1]!.slice()
      first.fill(0xee)
      expectSame(
        [...two.recorder.messages[1]!],
        [...second],
        'another, after the first was changed',
      )
    },
  },
  {
    name: 'interface: send answers tooLarge, and throws nothing for an address that is none',
    async play(stage) {
      const [one, two] = [bind(stage), bind(stage)]
      const { localPort } = two.endpoint
      const tooLarge = new Uint8Array(stage.subject.capabilities.messageBytesMax + 1)
      const result = one.endpoint.send(tooLarge, ipOf(stage), localPort)
      expectSame(result, NetworkError.tooLarge, 'what send gives for a large one')
      one.endpoint.send(createMessage(1, 10), '0.0.0.0.0', localPort)
      await deliver(stage, one.endpoint, two, createMessage(2, 10))
    },
  },
  {
    name: 'interface: pendingBytes becomes 0',
    async play(stage) {
      const [one, two] = [bind(stage), bind(stage)]
      for (let number = 0; number < 50; number++)
        one.endpoint.send(createMessage(number, 500), ipOf(stage), two.endpoint.localPort)
      await stage.until(() => one.endpoint.pendingBytes === 0, 'pendingBytes becomes 0')
    },
  },
  {
    name: 'interface: what was sent before close leaves; nothing is emitted or sent after it',
    async play(stage) {
      const receiver = bind(stage)
      const to = receiver.endpoint.localPort
      const end = performance.now() + stage.subject.patienceMs
      while (receiver.recorder.messages.length === 0) {
        expect(performance.now() <= end, 'what was sent before close arrives')
        const { endpoint, recorder } = bind(stage)
        endpoint.send(createMessage(1, 30), ipOf(stage), to)
        endpoint.close()
        endpoint.close()
        endpoint.setMulticast(false)
        endpoint.send(createMessage(2, 30), ipOf(stage), to)
        receiver.endpoint.send(createMessage(3, 30), ipOf(stage), endpoint.localPort)
        await stage.settle(20)
        expectSame(recorder.messages.length, 0, 'what a closed endpoint receives')
      }
      for (const bytes of receiver.recorder.messages)
        expectSame([...bytes], [...createMessage(1, 30)], 'what arrives')
    },
  },
]
