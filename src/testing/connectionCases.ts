import { entityExists, hasComponent } from 'bitecs'
import {
  AcceptedBy,
  Connected,
  createServer,
  destroySocket,
  Disconnected,
  NetworkError,
  networkErrorName,
  NetworkType,
  sendPacket,
  sendRaw,
  Socket,
  SocketRole,
} from '../index.ts'
import { expect, expectSame } from './expect.ts'
import { type Mode, modesOf } from './lanes.ts'
import { createMessage, findFault } from './messages.ts'
import {
  clientsOf,
  countOf,
  eventsOf,
  type Link,
  messagesOf,
  type Side,
  type Stage,
  type StageCase,
} from './Stage.ts'
import { type Subject } from './TransportSubject.ts'

/** How connections begin. */
export function connectionCases(subject: Subject): readonly StageCase[] {
  return [...modesOf(subject).map(connectCase), ...cases]
}

function connectCase(mode: Mode): StageCase {
  return {
    name: `connections (${mode}): both sides receive an event for a new one, with the right keys`,
    async play(stage) {
      const link = await stage.link({ raw: mode === 'raw' })
      const { host, guest } = link
      await stage.settle()
      const hostStore = Socket(host.world)
      const guestStore = Socket(guest.world)
      const guestIp = stage.subject.ip ?? hostStore.ip[link.accepted]!
      const hostIp = stage.subject.ip ?? guestStore.ip[guest.entity]!
      expect(guestIp !== '' && hostIp !== '', 'each side knows the address of the other')
      expectSame(
        host.events.map(({ keys }) => keys),
        [
          {
            type: NetworkType.connect,
            id: host.entity,
            ip: guestIp,
            port: guestStore.localPort[guest.entity],
            socket: link.accepted,
            succeeded: 1,
          },
        ],
        "the server's events",
      )
      expectSame(
        guest.events.map(({ keys }) => keys),
        [
          {
            type: NetworkType.nonBlockingConnect,
            id: guest.entity,
            ip: hostIp,
            port: host.port,
            socket: guest.entity,
            succeeded: 1,
          },
        ],
        "the client's events",
      )
      checkEntities(link, mode === 'raw')
    },
  }
}

function checkEntities({ host, guest, accepted }: Link, raw: boolean): void {
  const store = Socket(host.world)
  expect(hasComponent(host.world, accepted, Connected), "the server's end has Connected")
  expect(
    hasComponent(host.world, accepted, AcceptedBy(host.entity)),
    "the server's end has AcceptedBy(server)",
  )
  expect(hasComponent(guest.world, guest.entity, Connected), 'the client has Connected')
  expectSame(store.role[accepted], SocketRole.accepted, "the role of the server's end")
  expectSame(store.raw[accepted], raw, "raw of the server's end")
  expectSame(store.localPort[accepted], host.port, "localPort of the server's end")
  expectSame(Socket(guest.world).port[guest.entity], host.port, "the client's port")
}

const cases: readonly StageCase[] = [
  {
    name: 'connections: a port that nobody listens on refuses, by a negative code and an event',
    async play(stage) {
      const { world, entity, port } = await stage.server()
      const others = await stage.link()
      destroySocket(world, entity)
      const other = stage.client()
      const result = await stage.connect(other, port)
      expectNow(result)
      await stage.until(() => other.events.length > 0, 'the client receives the failure')
      await stage.settle()
      expectSame(
        other.events.map(({ keys }) => [keys['type'], keys['id'], keys['succeeded']]),
        [[NetworkType.nonBlockingConnect, other.entity, 0]],
        "type, id and succeeded of the client's events",
      )
      expect(hasComponent(other.world, other.entity, Disconnected), 'the client has Disconnected')
      expectSame(Socket(other.world).connectError[other.entity], result, 'connectError')
      expectSame(
        [others.host.events.length, others.guest.events.length],
        [1, 1],
        'the number of events of others',
      )
    },
  },
  {
    name: 'connections: a second server on one port is refused with a code',
    async play(stage) {
      const { transport, server } = stage.subject
      const { port } = await stage.server()
      const { world } = stage.world()
      const second = createServer(world, transport, port, server)
      if (second >= 0) {
        // With a host it shows later.
        const { connectError } = Socket(world)
        await stage.until(() => connectError[second] !== 0, 'the second server cannot listen')
        expectSame(connectError[second], NetworkError.portUnavailable, 'connectError')
      } else
        expectSame(
          networkErrorName(second),
          'portUnavailable',
          'what createServer gives for a taken port',
        )
    },
  },
  {
    name: 'connections: many clients at once, each with its own messages',
    async play(stage) {
      const host = await stage.server()
      const guests = Array.from({ length: 32 }, () => stage.client())
      const results = await Promise.all(guests.map((guest) => stage.connect(guest, host.port)))
      expectSame(
        results,
        guests.map(({ entity }) => entity),
        'what connectSocket gives each',
      )
      await stage.until(
        () => countOf(host, NetworkType.connect) === 32,
        'the server receives 32 connects',
      )
      for (const [number, { world, entity }] of guests.entries())
        sendPacket(world, entity, createMessage(number, 40))
      await stage.until(() => countOf(host, NetworkType.data) === 32, '32 messages arrive')
      for (const { id, bytes } of eventsOf(host, NetworkType.data))
        sendPacket(host.world, id, bytes)
      sendPacket(host.world, clientsOf(host), createMessage(99, 40))
      for (const [number, guest] of guests.entries())
        await expectMessages(stage, guest, [createMessage(number, 40), createMessage(99, 40)])
      const connects = eventsOf(host, NetworkType.connect).map(({ keys }) => keys)
      expectSame(new Set(connects.map(({ socket }) => socket)).size, 32, 'different sockets')
      expectSame(new Set(connects.map(({ port }) => port)).size, 32, 'different ports')
    },
  },
  {
    name: 'connections: two servers of one world are told apart',
    async play(stage) {
      const host = await stage.server()
      const { transport, server } = stage.subject
      const second = createServer(host.world, transport, 0, server)
      const store = Socket(host.world)
      await stage.until(() => store.port[second] !== 0, 'the second server has a port')
      const other: Side = { ...host, entity: second, port: store.port[second]! }
      const one = await stage.join(stage.client(), host)
      const two = await stage.join(stage.client(), other)
      expectSame(
        eventsOf(host, NetworkType.connect).map(({ id, keys }) => [id, keys['socket']]),
        [
          [host.entity, one],
          [second, two],
        ],
        'id and socket of the connect events',
      )
    },
  },
  {
    name: 'connections: above maxClients a client is turned away, and a free place is given again',
    async play(stage) {
      const host = await stage.server({ maxClients: 1 })
      const first = stage.client()
      await stage.join(first, host)
      const second = stage.client()
      const result = await stage.connect(second, host.port)
      expectNow(result)
      expectSame(countOf(host, NetworkType.connect), 1, "the server's connect events")
      expectSame(Socket(host.world).refused[host.entity], 1, 'refused')
      destroySocket(first.world, first.entity)
      await stage.until(
        () => countOf(host, NetworkType.disconnect) === 1,
        'the server receives the disconnect of the first',
      )
      await stage.join(second, host)
    },
  },
  {
    name: 'connections: one socket entity can connect again and again',
    async play(stage) {
      const host = await stage.server()
      const guest = stage.client()
      const sent: Uint8Array[] = []
      for (let round = 1; round <= 3; round++) {
        const accepted = await stage.join(guest, host)
        expectSame(Socket(guest.world).bytesIn[guest.entity]! < 200, true, 'bytesIn begins anew')
        sent.push(createMessage(round, 1_000))
        sendPacket(host.world, accepted, sent.at(-1)!)
        await expectMessages(stage, guest, sent)
        destroySocket(host.world, accepted)
        await stage.until(
          () => hasComponent(guest.world, guest.entity, Disconnected),
          'the client has Disconnected',
        )
        expect(!entityExists(host.world, accepted), 'the entity of its end is gone')
      }
      expectSame(countOf(guest, NetworkType.disconnect), 3, "the client's disconnect events")
    },
  },
  {
    name: 'connections: sending without one gives a negative code',
    async play(stage) {
      const host = await stage.server()
      const { world, entity, ...guest } = stage.client()
      const bytes = createMessage(1, 10)
      const { notConnected, unknownSocket, wrongRole } = NetworkError
      expectSame(sendPacket(world, entity, bytes), notConnected, 'sendPacket before connecting')
      expectSame(sendRaw(world, entity, bytes), notConnected, 'sendRaw before connecting')
      expectSame(sendPacket(host.world, host.entity, bytes), wrongRole, 'sendPacket to a server')
      const accepted = await stage.join({ world, entity, ...guest }, host)
      expect(sendPacket(world, entity, bytes) > 0, 'sendPacket takes a message when connected')
      destroySocket(host.world, accepted)
      await stage.until(() => hasComponent(world, entity, Disconnected), 'the client has ended')
      expectSame(sendPacket(world, entity, bytes), notConnected, 'sendPacket after the end')
      expectSame(sendPacket(host.world, accepted, bytes), unknownSocket, 'sendPacket to one gone')
    },
  },
]

/** A server that says no is no server that does not answer. */
function expectNow(result: number): void {
  expect(
    result < 0 && result !== NetworkError.timedOut,
    `connectSocket gives a negative code at once, not ${networkErrorName(result) ?? result}`,
  )
}

/** Waits until a client has received exactly these packets, in any order if the transport keeps none. */
async function expectMessages(
  stage: Stage,
  side: Side,
  sent: readonly Uint8Array[],
): Promise<void> {
  await stage.until(() => messagesOf(side).length >= sent.length, `${sent.length} messages arrive`)
  const { ordered } = stage.subject.capabilities
  const promises = { ordered, reliable: true, boundaries: 'message' } as const
  const fault = findFault(sent, messagesOf(side), promises)
  expect(fault === undefined, `what was sent is what arrives; ${fault}`)
}
