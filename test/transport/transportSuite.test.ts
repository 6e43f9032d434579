import {
  type Connection,
  type ConnectionEvents,
  createMemoryDatagrams,
  createMemoryTransport,
  type DatagramEndpoint,
  type DatagramEvents,
  type DatagramTransport,
  DisconnectReason,
  type MessageFraming,
  MessageType,
  NetworkError,
  SocketType,
  type Transport,
} from 'bitecs-networking'
import { transportCases, type TransportSubject } from 'bitecs-networking/testing'
import * as assert from 'uvu/assert'
import { createPortTransport } from '../../demos/ownTransport/createPortTransport.ts'
import { authority, localCertificate } from '../lib/certificates.ts'
import { mulberry32 } from '../lib/random.ts'
import { spec } from '../spec.ts'

// A suite proves something only if it finds what is wrong: here are transports that each do one thing wrong.

/** One end of a connection of a flawed transport. */
interface End {
  readonly side: 'near' | 'far'
  /** Who hears of it. */
  readonly hears: ConnectionEvents
  /** The sound connection. */
  readonly sound: Connection
  /** Messages that are no handshake. */
  count: number
  /** What the flaw keeps. */
  kept: Uint8Array | undefined
  isOver: boolean
}

type Tells = (end: End) => Partial<ConnectionEvents>

interface Flaw {
  readonly name: string
  readonly tells?: Tells
  readonly does?: (end: End) => Partial<Connection>
  readonly transport?: (sound: Transport) => Partial<Transport>
  /** It is one only with these boundaries. */
  readonly only?: 'stream' | 'message'
  /** The cases that must find it, by parts of their names. */
  readonly finds: readonly string[]
}

/** An object that is another but for some members. */
function overlay<Whole extends object>(whole: Whole, part: Partial<Whole>): Whole {
  return new Proxy(whole, {
    get(target, key) {
      const value: unknown = Reflect.get(key in part ? part : target, key)
      return typeof value === 'function' && !(key in part) ? value.bind(target) : value
    },
    has: (target, key) => key in part || key in target,
  })
}

function createEnd(side: End['side'], hears: () => ConnectionEvents, sound: () => Connection): End {
  return {
    side,
    get hears() {
      return hears()
    },
    get sound() {
      return sound()
    },
    count: 0,
    kept: undefined,
    isOver: false,
  }
}

function flawed(
  sound: Transport,
  { tells, does, transport }: Pick<Flaw, 'tells' | 'does' | 'transport'>,
): Transport {
  const whole: Transport = {
    type: sound.type,
    capabilities: sound.capabilities,
    listen: (options, events) =>
      sound.listen(
        options,
        overlay(events, {
          accepted(connection) {
            let hears: ConnectionEvents | undefined
            const end = createEnd(
              'far',
              () => hears!,
              () => connection,
            )
            const heard = overlay<ConnectionEvents>(
              lateEvents(() => hears!),
              tells?.(end) ?? {},
            )
            hears = events.accepted(overlay(connection, does?.(end) ?? {}))
            return heard
          },
        }),
      ),
    connect(options, events) {
      let inner: Connection | undefined
      let shown: Connection | undefined
      const end = createEnd(
        'near',
        () => events,
        () => inner!,
      )
      const show = (connection: Connection): Connection => {
        inner = connection
        return (shown ??= overlay(connection, does?.(end) ?? {}))
      }
      const heard = overlay(events, tells?.(end) ?? {})
      const opened = (connection: Connection): void => heard.opened(show(connection))
      return show(sound.connect(options, overlay(heard, { opened })))
    },
  }
  return overlay(whole, transport?.(whole) ?? {})
}

/** Events for somebody who is not known yet. */
function lateEvents(hears: () => ConnectionEvents): ConnectionEvents {
  return {
    opened: (connection) => hears().opened(connection),
    failed: (error) => hears().failed(error),
    received: (bytes, type) => hears().received(bytes, type),
    drained: () => hears().drained(),
    alive: () => hears().alive(),
    ended: (reason) => hears().ended(reason),
  }
}

type Change = (end: End, bytes: Uint8Array, type: MessageType | undefined) => void

/** Does something else with the first message that is longer than those of the handshake. */
function toFirst(change: Change, toOthers: Change = pass): Tells {
  return (end) => ({
    received(bytes, type) {
      if (bytes.length <= 18) pass(end, bytes, type)
      else if (end.count++ === 0) change(end, bytes, type)
      else toOthers(end, bytes, type)
    },
  })
}

/** Does something else with every message. */
function toAll(change: Change): Tells {
  return (end) => ({ received: (bytes, type) => change(end, bytes, type) })
}

const pass: Change = ({ hears }, bytes, type) => hears.received(bytes, type)
const keep: Change = (end, bytes) => void (end.kept = bytes)
const later = (run: () => void): void => void setTimeout(run, 0)

/** Gives what is kept behind a message. */
const giveBehind: Change = (end, bytes, type) => {
  pass(end, bytes, type)
  if (end.kept !== undefined) pass(end, end.kept, type)
  end.kept = undefined
}

/** Gives what is kept in front of a message, as one. */
const giveJoined: Change = (end, bytes, type) => {
  pass(end, Uint8Array.of(...(end.kept ?? []), ...bytes), type)
  end.kept = undefined
}

/** Frames: 4 bytes for the size, 1 for the type, the message. */
const soundFraming: MessageFraming = {
  framedBytes: (size) => 5 + size,
  frame(bytes, at, size, type) {
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, size)
    bytes[at + 4] = type
  },
}

/** Lets a connection that gets limits get framed messages. */
function framed(part: Partial<MessageFraming>): (end: End) => Partial<Connection> {
  return ({ sound }) => ({
    framing: { ...soundFraming, ...part },
    write(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      const messages: Uint8Array[] = []
      const types: MessageType[] = []
      for (let at = 0; at < bytes.length; at += 5 + view.getUint32(at)) {
        messages.push(bytes.subarray(at + 5, at + 5 + view.getUint32(at)))
        types.push(bytes[at + 4] as MessageType)
      }
      let size = 0
      const ends = messages.map(({ length }) => (size += length))
      sound.write(Buffer.concat(messages), { ends, types })
    },
  })
}

let latest: End | undefined

const flaws: readonly Flaw[] = [
  {
    name: 'swaps two messages',
    tells: toFirst(keep, giveBehind),
    finds: ['thousand', 'every size', 'last words'],
  },
  {
    name: 'loses a message',
    tells: toFirst(() => {}),
    finds: [
      'thousand',
      'flood',
      'nothing is received from a client',
      'again and again',
      'where there is one',
    ],
  },
  {
    name: 'repeats a message',
    tells: toFirst((end, bytes, type) => {
      pass(end, bytes.slice(), type)
      pass(end, bytes, type)
    }),
    finds: ['thousand', 'random sizes', 'inside opened'],
  },
  {
    name: 'changes a byte',
    tells: toFirst((end, bytes, type) => {
      bytes[bytes.length - 1]! ^= 1
      pass(end, bytes, type)
    }),
    finds: ['every size', 'right after the call', "handler's to change", 'inside opened'],
  },
  {
    name: 'joins two messages',
    only: 'message',
    tells: toFirst(keep, giveJoined),
    finds: ['(raw): a thousand', 'messages of one write'],
  },
  {
    name: 'cuts a message',
    only: 'message',
    tells: toFirst((end, bytes, type) => {
      pass(end, bytes.slice(0, 10), type)
      pass(end, bytes.slice(10), type)
    }),
    finds: ['(raw): a thousand', 'bytes of both sides'],
  },
  {
    name: 'cuts off what is above a limit',
    tells: toAll((end, bytes, type) => pass(end, bytes.subarray(0, 1_000), type)),
    finds: ['every size', "one above the receiver's limit"],
  },
  {
    name: 'loses large messages',
    tells: toAll((end, bytes, type) => {
      if (bytes.length <= 1_012) pass(end, bytes, type)
    }),
    finds: ['flood', 'random sizes', "(packet): one above the receiver's limit"],
  },
  {
    name: 'loses empty messages',
    only: 'message',
    tells: toAll((end, bytes, type) => {
      if (bytes.length > 0) pass(end, bytes, type)
    }),
    finds: ['(raw): of every size', 'text and binary'],
  },
  {
    name: 'forgets what a message is',
    only: 'message',
    tells: toAll((end, bytes) => pass(end, bytes, MessageType.binary)),
    finds: ['text and binary', 'messages of one write'],
  },
  {
    name: 'hands over the same memory again and again',
    tells: toAll((end, bytes, type) => {
      if ((end.kept?.length ?? 0) < bytes.length) end.kept = new Uint8Array(bytes.length * 2)
      end.kept!.set(bytes)
      pass(end, end.kept!.subarray(0, bytes.length), type)
    }),
    finds: ['bytes of both sides', 'random sizes'],
  },
  {
    name: 'gives the messages of all clients to the last',
    tells: (end) => {
      if (end.side === 'far') latest = end
      return {
        received: (bytes, type) =>
          pass(end.side === 'far' && bytes.length > 18 ? latest! : end, bytes, type),
      }
    },
    finds: ['many clients', 'do not mix'],
  },
  {
    name: 'looks at what was written after the call',
    does: ({ sound }) => ({ write: (bytes, limits) => later(() => sound.write(bytes, limits)) }),
    finds: ['bytes of both sides', 'random sizes'],
  },
  {
    name: 'opens again at the first message',
    tells: toFirst((end, bytes, type) => {
      end.hears.opened(end.sound)
      pass(end, bytes, type)
    }),
    finds: ['opened is emitted once'],
  },
  {
    name: 'never opens',
    tells: () => ({ opened() {} }),
    finds: ['connections: two servers', 'ends: both sides', '(raw): a stream'],
  },
  {
    name: 'opens with another connection',
    tells: (end) => ({ opened: (connection) => end.hears.opened(overlay(connection, {})) }),
    finds: ['opened is emitted once'],
  },
  {
    name: 'fails after it has opened',
    tells: (end) => ({
      opened(connection) {
        end.hears.opened(connection)
        end.hears.failed(NetworkError.general)
      },
    }),
    finds: ['opened is emitted once', 'both ends close at once'],
  },
  {
    name: 'never tells that it was refused',
    tells: () => ({ failed() {} }),
    finds: ['refuses', 'failed, and nothing else'],
  },
  {
    name: 'tells the end of what never began',
    tells: (end) => ({
      failed(error) {
        end.hears.failed(error)
        end.hears.ended(DisconnectReason.closed)
      },
    }),
    finds: ['failed, and nothing else'],
  },
  {
    name: 'tells the end twice',
    tells: (end) => ({
      ended(reason) {
        end.hears.ended(reason)
        end.hears.ended(reason)
      },
    }),
    finds: ['interface: close of', 'interface: reset of', 'closes while the other'],
  },
  {
    name: 'never tells the end',
    tells: () => ({ ended() {} }),
    finds: ['ends: a client', 'ends: a server', 'sending without one', 'before it is opened'],
  },
  {
    name: 'gives no reason for the end',
    tells: (end) => ({ ended: () => end.hears.ended(DisconnectReason.none) }),
    finds: ['ends: a client', 'interface: reset of'],
  },
  {
    name: 'tells the end to the side that closes',
    does: (end) => ({
      close() {
        end.sound.close()
        end.hears.ended(DisconnectReason.closed)
      },
    }),
    finds: ['interface: close of', 'both ends close at once'],
  },
  {
    name: 'tells of a message after close and reset',
    does: (end) => ({
      close() {
        end.sound.close()
        later(() => end.hears.received(new Uint8Array(30)))
      },
      reset() {
        end.sound.reset()
        later(() => end.hears.received(new Uint8Array(30)))
      },
    }),
    finds: ['interface: close of', 'interface: reset of', 'before it is opened'],
  },
  {
    name: 'loses the last words',
    does: ({ sound }) => ({ close: () => sound.reset() }),
    finds: ['interface: close of', 'closes while the other'],
  },
  {
    name: 'does nothing to reset',
    does: () => ({ reset() {} }),
    finds: ['ends: a client resets', 'interface: reset of'],
  },
  {
    name: 'throws when it is used after the end',
    tells: (end) => ({
      ended(reason) {
        end.isOver = true
        end.hears.ended(reason)
      },
    }),
    does: (end) => ({
      write(bytes, limits) {
        if (end.isOver) throw new Error('it is over')
        end.sound.write(bytes, limits)
      },
    }),
    finds: ['interface: close of', 'interface: reset of'],
  },
  {
    name: 'leaves a client alone that it should turn away',
    does: ({ sound }) => ({ close: (cause) => (cause === 'full' ? undefined : sound.close()) }),
    finds: ['above maxClients'],
  },
  { name: 'never tells drained', tells: () => ({ drained() {} }), finds: ['drained is emitted'] },
  {
    name: 'tells drained while bytes wait',
    does: (end) => ({
      write(bytes, limits) {
        end.sound.write(bytes, limits)
        if (end.sound.pendingBytes > 0) end.hears.drained()
      },
    }),
    finds: ['drained is emitted'],
  },
  {
    name: 'always has a byte left',
    does: (end) => ({
      get pendingBytes() {
        return end.sound.pendingBytes + 1
      },
    }),
    finds: ['bytes of both sides', 'drained is emitted'],
  },
  {
    name: 'takes no notice of pause',
    does: () => ({ pause() {} }),
    finds: ['flood', 'drained is emitted'],
  },
  {
    name: 'never goes on',
    does: () => ({ resume() {} }),
    finds: ['flood', 'closes while the other'],
  },
  { name: 'leaves a ping unanswered', does: () => ({ ping() {} }), finds: ['where there is one'] },
  {
    name: 'tells alive unasked',
    tells: (end) => ({
      opened(connection) {
        end.hears.opened(connection)
        end.hears.alive()
      },
    }),
    finds: ['where there is one'],
  },
  {
    name: 'frames a message with a byte of the next',
    only: 'message',
    does: framed({
      frame(bytes, at, size, type) {
        soundFraming.frame(bytes, at, size, type)
        bytes[at + 5 + size] = 0
      },
    }),
    finds: ['framing, where there is some'],
  },
  {
    name: 'frames large messages with half a size',
    only: 'message',
    does: framed({
      frame: (bytes, at, size, type) => soundFraming.frame(bytes, at, size & 0xffff, type),
    }),
    finds: ['every size in one write'],
  },
  {
    name: 'frames text as binary',
    only: 'message',
    does: framed({
      frame: (bytes, at, size) => soundFraming.frame(bytes, at, size, MessageType.binary),
    }),
    finds: ['text and binary', 'messages of one write'],
  },
  {
    name: 'frames what it should write as it is',
    only: 'message',
    does: () => ({ framing: soundFraming }),
    finds: ['messages of one write', '(packet): both sides'],
  },
  {
    name: 'shows a wrong address',
    does: () => ({ remoteIp: '10.0.0.1' }),
    finds: ['receive an event for a new one', 'address and port'],
  },
  {
    name: 'shows a wrong port',
    does: () => ({ remotePort: 1 }),
    finds: ['receive an event for a new one', 'address and port', 'many clients'],
  },
  {
    name: 'shows a wrong port of its own',
    does: () => ({ localPort: 1 }),
    finds: ['receive an event for a new one', 'address and port'],
  },
  {
    name: 'gives a port twice',
    transport: (sound) => ({
      listen(options, events) {
        const listener = sound.listen(options, events)
        return typeof listener === 'object'
          ? listener
          : sound.listen({ ...options, port: 0 }, events)
      },
    }),
    finds: ['a second server', 'listened on once'],
  },
  {
    name: 'goes on listening',
    transport: (sound) => ({
      listen(options, events) {
        const listener = sound.listen(options, events)
        return typeof listener === 'number' ? listener : overlay(listener, { close() {} })
      },
    }),
    finds: ['closed listener', 'listened on once'],
  },
  {
    name: 'ends the connections of a listener that is closed',
    transport: (sound) => ({
      listen(options, events) {
        const ends: Connection[] = []
        const accepted = (connection: Connection): ConnectionEvents => {
          ends.push(connection)
          return events.accepted(connection)
        }
        const listener = sound.listen(options, overlay(events, { accepted }))
        if (typeof listener === 'number') return listener
        return overlay(listener, {
          close() {
            listener.close()
            for (const connection of ends) connection.close()
          },
        })
      },
    }),
    finds: ['closed listener'],
  },
  {
    name: 'says that it has no connections',
    transport: (sound) => ({ capabilities: { ...sound.capabilities, connections: false } }),
    finds: ['capabilities:'],
  },
]

// The same for datagrams.

interface DatagramEnd {
  readonly hears: DatagramEvents
  readonly sound: DatagramEndpoint
  count: number
  kept: Uint8Array | undefined
}

type DatagramTells = (end: DatagramEnd) => Partial<DatagramEvents>

interface DatagramFlaw {
  readonly name: string
  readonly tells?: DatagramTells
  readonly does?: (end: DatagramEnd) => Partial<DatagramEndpoint>
  readonly transport?: (sound: DatagramTransport) => Partial<DatagramTransport>
  /** It is one only where everything should arrive in order. */
  readonly isStrict?: true
  readonly finds: readonly string[]
}

function flawedDatagrams(
  sound: DatagramTransport,
  { tells, does, transport }: DatagramFlaw,
): DatagramTransport {
  const whole: DatagramTransport = {
    type: sound.type,
    capabilities: sound.capabilities,
    bind(options, hears) {
      let endpoint: DatagramEndpoint | NetworkError = NetworkError.general
      const end: DatagramEnd = {
        hears,
        get sound() {
          return endpoint as DatagramEndpoint
        },
        count: 0,
        kept: undefined,
      }
      endpoint = sound.bind(options, overlay(hears, tells?.(end) ?? {}))
      return typeof endpoint === 'number' ? endpoint : overlay(endpoint, does?.(end) ?? {})
    },
  }
  return overlay(whole, transport?.(whole) ?? {})
}

type DatagramChange = (
  end: DatagramEnd,
  bytes: Uint8Array,
  give: (bytes: Uint8Array) => void,
) => void

/** Does something else with the first datagram, and may do something after the second. */
function toDatagrams(
  first: DatagramChange,
  others: DatagramChange = (_end, bytes, give) => give(bytes),
): DatagramTells {
  return (end) => ({
    received(bytes, ip, port) {
      const give = (given: Uint8Array): void => end.hears.received(given, ip, port)
      ;(end.count++ === 0 ? first : others)(end, bytes, give)
    },
  })
}

const keepDatagram: DatagramChange = (end, bytes) => void (end.kept = bytes)

const datagramFlaws: readonly DatagramFlaw[] = [
  {
    name: 'swaps two datagrams',
    isStrict: true,
    tells: toDatagrams(keepDatagram, (end, bytes, give) => {
      give(bytes)
      if (end.kept !== undefined) give(end.kept)
      end.kept = undefined
    }),
    finds: ['thousand', 'every size'],
  },
  {
    name: 'loses a datagram',
    isStrict: true,
    tells: toDatagrams(() => {}),
    finds: ['thousand', 'random sizes', 'every size'],
  },
  {
    name: 'repeats a datagram',
    tells: toDatagrams((_end, bytes, give) => {
      give(bytes.slice())
      give(bytes)
    }),
    finds: ['thousand', 'random sizes', 'flood'],
  },
  {
    name: 'joins two datagrams',
    tells: toDatagrams(keepDatagram, (end, bytes, give) => {
      give(Uint8Array.of(...(end.kept ?? []), ...bytes))
      end.kept = undefined
    }),
    finds: ['thousand', 'flood', 'header'],
  },
  {
    name: 'cuts a datagram',
    tells: toDatagrams((_end, bytes, give) => {
      give(bytes.slice(0, 5))
      give(bytes.slice(5))
    }),
    finds: ['thousand', 'keep their limits'],
  },
  {
    name: 'changes a byte',
    tells: toDatagrams((_end, bytes, give) => {
      bytes[bytes.length - 1]! ^= 1
      give(bytes)
    }),
    finds: ['thousand', 'right after the call', "handler's to change", 'header', 'told apart'],
  },
  {
    name: 'loses empty datagrams',
    tells: (end) => ({
      received(bytes, ip, port) {
        if (bytes.length > 0) end.hears.received(bytes, ip, port)
      },
    }),
    finds: ['(raw): of every size', 'keep their limits'],
  },
  {
    name: 'loses large datagrams',
    tells: (end) => ({
      received(bytes, ip, port) {
        if (bytes.length <= 20_000) end.hears.received(bytes, ip, port)
      },
    }),
    finds: ['every size', 'keep their limits'],
  },
  {
    name: 'hands over the same memory again and again',
    tells: (end) => ({
      received(bytes, ip, port) {
        end.kept ??= new Uint8Array(65_536)
        end.kept.set(bytes)
        end.hears.received(end.kept.subarray(0, bytes.length), ip, port)
      },
    }),
    finds: ['thousand', 'receiver’s'],
  },
  {
    name: 'looks at what was sent after the call',
    does: ({ sound }) => ({
      send(bytes, ip, port) {
        const kept = bytes
        later(() => sound.send(kept.subarray(0, 5), ip, port))
        return 0
      },
    }),
    finds: ['every size', 'before close'],
  },
  {
    name: 'shows a wrong address',
    tells: (end) => ({
      received: (bytes, _ip, port) => end.hears.received(bytes, '10.0.0.1', port),
    }),
    finds: ['address of its sender', 'datagrams show it'],
  },
  {
    name: 'shows a wrong port',
    tells: (end) => ({ received: (bytes, ip) => end.hears.received(bytes, ip, 1) }),
    finds: ['address of its sender', 'told apart, and each', 'datagrams show it'],
  },
  {
    name: 'shows a wrong port of its own',
    does: () => ({ localPort: 0 }),
    finds: ['datagrams show it'],
  },
  {
    name: 'throws what it cannot send',
    does: ({ sound }) => ({
      send(bytes, ip, port) {
        if (bytes.length > 65_507 || !/^[.\d]{7,}$/.test(ip) || ip === '0.0.0.0.0')
          throw new Error()
        return sound.send(bytes, ip, port)
      },
    }),
    finds: ['too large', 'an address that is none'],
  },
  {
    name: 'takes what is too large',
    does: ({ sound }) => ({
      send: (bytes, ip, port) => (bytes.length > 65_507 ? 0 : sound.send(bytes, ip, port)),
    }),
    finds: ['too large', 'tooLarge'],
  },
  {
    name: 'gives up at a port that nobody has',
    does: (end) => ({
      send(bytes, ip, port) {
        if (end.count < 0) return NetworkError.refused
        const probe = reachable.has(port)
        if (!probe) end.count = -1
        return end.sound.send(bytes, ip, port)
      },
      close() {
        reachable.delete(end.sound.localPort)
        end.sound.close()
      },
      get localPort() {
        reachable.add(end.sound.localPort)
        return end.sound.localPort
      },
    }),
    finds: ['a port that nobody has'],
  },
  {
    name: 'always has a byte left',
    does: () => ({ pendingBytes: 1 }),
    finds: ['pendingBytes'],
  },
  {
    name: 'gives a port twice',
    transport: (sound) => ({
      bind(options, events) {
        const endpoint = sound.bind(options, events)
        return typeof endpoint === 'object' ? endpoint : sound.bind({ port: 0 }, events)
      },
    }),
    finds: ['taken once'],
  },
  {
    name: 'goes on after close',
    does: () => ({ close() {} }),
    finds: ['free again', 'nothing is emitted or sent after it'],
  },
  {
    name: 'tells of a datagram that came before it was closed',
    does: (end) => ({
      close() {
        later(() => end.hears.received(new Uint8Array(10), '127.0.0.1', 1))
        end.sound.close()
      },
    }),
    finds: ['nothing is emitted or sent after it'],
  },
  {
    name: 'hears nothing',
    tells: () => ({ received() {} }),
    finds: ['datagrams: nothing is received', 'datagrams: what is sent', 'random sizes'],
  },
  {
    name: 'says that it has connections',
    transport: (sound) => ({ capabilities: { ...sound.capabilities, connections: true } }),
    finds: ['capabilities:'],
  },
]

/** Ports of endpoints that are bound. */
const reachable = new Set<number>()

/** Runs the cases that must find a flaw; tells of those that do not. */
async function findsFlaw(
  subject: TransportSubject,
  finds: readonly string[],
  found: Set<string>,
): Promise<void> {
  const cases = transportCases({ ...subject, patienceMs: 100 })
  const blind: string[] = []
  const asked = cases.filter(({ name }) => finds.some((part) => name.includes(part)))
  await Promise.all(
    asked.map(async ({ name, run }) => {
      const error = await run().then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (error instanceof Error) found.add(name)
      else blind.push(name)
    }),
  )
  assert.equal(blind, [], `passed by a transport that ${subject.name}`)
}

const loose = {
  ordered: false,
  reliable: false,
  boundaries: 'message',
  connections: false,
  messageBytesMax: 65_507,
} as const

/** A network that loses, repeats and swaps datagrams. */
function createBadDatagrams(): DatagramTransport {
  const random = mulberry32(6)
  let held: (() => void) | undefined
  return createMemoryDatagrams({
    deliver(_datagram, send) {
      const chance = random()
      if (chance < 0.1) return
      if (chance < 0.15) send()
      if (chance < 0.25 && held === undefined) {
        held = send
        return
      }
      send()
      held?.()
      held = undefined
    },
  })
}

const { tcp, udp, ws, wss } = SocketType
const messages = createMemoryTransport({ boundaries: 'message' })

const subjects: readonly TransportSubject[] = [
  { name: 'memory', transport: createMemoryTransport() },
  { name: 'memory, messages, by name', transport: messages, host: 'any.name' },
  { name: 'memory, framed', transport: flawed(messages, { does: framed({}) }) },
  { name: 'memory datagrams', transport: createMemoryDatagrams() },
  { name: 'reliable UDP over a bad network', transport: createBadDatagrams(), reliable: true },
  { name: 'ordered UDP over a bad network', transport: createBadDatagrams(), reliable: 'ordered' },
  { name: 'message ports', transport: createPortTransport() },
  { name: 'TCP', transport: tcp },
  { name: 'TCP by name', transport: tcp, host: 'localhost' },
  { name: 'UDP', transport: udp },
  { name: 'reliable UDP', transport: udp, reliable: true, patienceMs: 30_000 },
  { name: 'reliable ordered UDP', transport: udp, reliable: 'ordered', patienceMs: 30_000 },
  { name: 'WebSocket', transport: ws },
  {
    name: 'secure WebSocket by URL',
    transport: wss,
    host: 'wss://localhost/suite',
    server: { certificate: localCertificate, path: '/suite', protocol: 'game' },
    connect: { ca: authority, protocol: 'game' },
  },
]

/** Plays all cases one after the other; what failed, and why. */
async function failuresOf(subject: TransportSubject): Promise<string[]> {
  const failures: string[] = []
  for (const { name, run } of transportCases(subject))
    await run().catch((error: unknown) => failures.push(`${name}\n  ${String(error)}`))
  return failures
}

spec(
  'the transport suite is passed by',
  (it) => {
    // They wait more than they work: all at once.
    let runs: Promise<string[]>[] | undefined
    for (const [index, subject] of subjects.entries())
      it(subject.name, async () => {
        runs ??= subjects.map(failuresOf)
        assert.equal(await runs[index], [])
      })
  },
  60_000,
)

spec('the transport suite finds a transport that', (it) => {
  const found = new Set<string>()

  for (const flaw of flaws)
    it(flaw.name, async () => {
      const kinds = flaw.only === undefined ? (['stream', 'message'] as const) : [flaw.only]
      await Promise.all(
        kinds.map((boundaries) => {
          const transport = flawed(createMemoryTransport({ boundaries }), flaw)
          return findsFlaw({ name: flaw.name, transport }, flaw.finds, found)
        }),
      )
    })

  for (const flaw of datagramFlaws)
    it(`${flaw.name} (datagrams)`, async () => {
      const transport = flawedDatagrams(createMemoryDatagrams(), flaw)
      const subject = { name: flaw.name, transport }
      const subjects = flaw.isStrict ? [subject] : [subject, { ...subject, capabilities: loose }]
      await Promise.all(subjects.map((one) => findsFlaw(one, flaw.finds, found)))
    })

  it('and has no case that nothing fails', () => {
    const subjects = [
      { name: 'stream', transport: createMemoryTransport() },
      { name: 'message', transport: createMemoryTransport({ boundaries: 'message' }) },
      { name: 'datagrams', transport: createMemoryDatagrams() },
    ]
    const names = subjects.flatMap((subject) => transportCases(subject).map(({ name }) => name))
    assert.equal(
      names.filter((name) => !found.has(name)),
      [],
    )
    const parts = [...flaws, ...datagramFlaws].flatMap(({ finds }) => finds)
    assert.equal(
      parts.filter((part) => !names.some((name) => name.includes(part))),
      [],
    )
  })
})
