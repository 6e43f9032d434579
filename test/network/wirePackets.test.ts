import { type EntityId, hasComponent, type World } from 'bitecs'
import {
  connectSocket,
  Disconnected,
  DisconnectReason,
  NetworkSystem,
  NetworkType,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { joinServer, packet, welcomeClient } from '../lib/gameMaker.ts'
import { sendPieces } from '../lib/pieces.ts'
import { type StreamPeer } from '../lib/RawPeer.ts'
import {
  type EventCopy,
  messagesOf,
  type RecordedEnd,
  recordEnds,
  typesOf,
} from '../lib/recordEvents.ts'
import { clientsOf } from '../lib/sockets.ts'
import { until } from '../lib/until.ts'
import { type PacketCase, packetCases } from '../lib/packetCases.ts'
import { media, type Wire } from '../lib/wireMedia.ts'
import { spec } from '../spec.ts'

/** Our end of a connection, and the peer at the other. */
interface Joined {
  readonly world: World
  readonly socket: EntityId
  readonly peer: StreamPeer
  readonly events: EventCopy[]
  /** The types of the events before and after those of messages. */
  readonly before: readonly NetworkType[]
  readonly after: readonly NetworkType[]
  /** How the connection ended, if it has. */
  readonly end: () => RecordedEnd | undefined
}

type Join = (wire: Wire, malformed: PacketCase['malformed']) => Promise<Joined>

async function joinAsServer(
  { net, connect }: Wire,
  malformed: PacketCase['malformed'] = 'discard',
): Promise<Joined> {
  const { world, server, port, events } = net.server({ malformed })
  const peer = await connect(port)
  await joinServer(peer)
  await until(() => events.length === 1, [world])
  const ends = recordEnds(world)
  const end = (): RecordedEnd | undefined => {
    if (ends.length > 0) assert.equal([ends.length, clientsOf(world, server)], [1, []])
    return ends[0]
  }
  const [before, after] = [[NetworkType.connect], [NetworkType.disconnect]]
  return { world, socket: events[0]!.socket!, peer, events, before, after, end }
}

async function joinAsClient(
  { net, listen }: Wire,
  malformed: PacketCase['malformed'] = 'discard',
): Promise<Joined> {
  const { world, socket, events } = net.client({ malformed })
  const listener = await listen()
  const result = connectSocket(world, socket, net.address, listener.port)
  const peer = await listener.accept()
  await welcomeClient(peer)
  assert.is(await result, socket)
  const end = (): RecordedEnd | undefined => {
    const { disconnectReason, discardedBytes } = Socket(world)
    if (!hasComponent(world, socket, Disconnected)) return undefined
    return { reason: disconnectReason[socket]!, discarded: discardedBytes[socket]! }
  }
  return { world, socket, peer, events, before: [], after: [], end }
}

async function play(wire: Wire, join: Join, wanted: PacketCase): Promise<void> {
  const { malformed, steps, leaves, discarded = 0, reason } = wanted
  const joined = await join(wire, malformed)
  const { world, socket, peer, events, end } = joined
  const memory = process.memoryUsage().arrayBuffers
  const expected: string[] = []
  for (const { sends, messages } of steps) {
    expected.push(...messages)
    await sendPieces(peer, sends)
    await until(() => messagesOf(events).length >= expected.length, [world])
  }
  if (leaves !== undefined) peer[leaves]()
  if (reason === undefined) {
    const { warnings } = wire.net
    if (discarded > 0) await until(() => warnings.length === 1, [world])
    peer.send(packet('ff'))
    await until(() => messagesOf(events).length > expected.length, [world])
    expected.push('ff')
    assert.equal([peer.isClosed, end()], [false, undefined])
    assert.is(Socket(world).discardedBytes[socket], discarded)
    if (discarded > 0) assert.match(warnings[0]!, `sent ${discarded} bytes that are no packet`)
    assert.ok(warnings.length <= 1)
  } else {
    await until(() => end() !== undefined, [world])
    for (let tick = 0; tick < 3; tick++) NetworkSystem(world)
    assert.equal(end(), { reason, discarded })
    if (leaves === undefined) await until(() => peer.isClosed, [world])
  }
  if (reason === DisconnectReason.tooLarge) {
    assert.ok(process.memoryUsage().arrayBuffers - memory < 1024 * 1024)
    assert.is(peer.wasReset, true)
  }
  assert.equal(messagesOf(events), expected)
  const data = events.filter(({ type }) => type === NetworkType.data)
  for (const { size, buffer } of data) assert.is(size, buffer!.length / 2)
  const types = expected.map(() => NetworkType.data)
  const after = reason === undefined ? [] : joined.after
  assert.equal(typesOf(events), [...joined.before, ...types, ...after])
}

for (const { name, withWire } of media)
  for (const [role, join] of [
    ['server', joinAsServer],
    ['client', joinAsClient],
  ] as const)
    spec(`packets that a ${role} receives over ${name}`, (it) => {
      for (const wanted of packetCases)
        if (wanted.only === undefined || wanted.only === role)
          it(
            `${wanted.number}: ${wanted.what}`,
            withWire((wire) => play(wire, join, wanted)),
          )
    })
