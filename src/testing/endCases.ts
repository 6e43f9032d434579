import { entityExists, hasComponent } from 'bitecs'
import {
  Connected,
  destroySocket,
  Disconnected,
  DisconnectReason,
  NetworkType,
  sendPacket,
  setNetworkConfig,
  Socket,
} from '../index.ts'
import { expect, expectSame } from './expect.ts'
import { createMessages, findFault } from './messages.ts'
import {
  countOf,
  eventsOf,
  type Link,
  messagesOf,
  type Stage,
  type StageCase,
  turn,
} from './Stage.ts'

const { connect, disconnect, data } = NetworkType

/** How connections end: one event on the side that did not do it, and none on the one that did. */
export const endCases: readonly StageCase[] = [
  {
    name: 'ends: a client destroys its socket, and the server receives one disconnect',
    async play(stage) {
      const link = await stage.link()
      destroySocket(link.guest.world, link.guest.entity)
      await expectServerHears(stage, link)
      expectSame(
        eventsOf(link.host, disconnect)[0]!.reason,
        DisconnectReason.closed,
        'disconnectReason',
      )
    },
  },
  {
    name: 'ends: a client resets its connection, and the server receives one disconnect',
    async play(stage) {
      const link = await stage.link()
      const { world, entity } = link.guest
      setNetworkConfig(world, entity, { avoidTimeWait: true })
      destroySocket(world, entity)
      await expectServerHears(stage, link)
    },
  },
  {
    name: 'ends: a server turns a client out, and the client receives one disconnect',
    async play(stage) {
      const link = await stage.link()
      destroySocket(link.host.world, link.accepted)
      await expectClientHears(stage, link)
      expect(hasComponent(link.host.world, link.host.entity, Socket), 'the server is still there')
    },
  },
  {
    name: 'ends: a server is destroyed, and each client receives one disconnect',
    async play(stage) {
      const host = await stage.server()
      const links: Link[] = []
      for (let count = 0; count < 3; count++) {
        const guest = stage.client()
        links.push({ host, guest, accepted: await stage.join(guest, host) })
      }
      destroySocket(host.world, host.entity)
      for (const link of links) await expectClientHears(stage, link)
      for (const { accepted } of links)
        expect(!entityExists(host.world, accepted), "the entities of the server's ends are gone")
    },
  },
  {
    name: 'ends: both sides at the same time, and neither receives an event',
    async play(stage) {
      const { host, guest, accepted } = await stage.link()
      destroySocket(host.world, accepted)
      destroySocket(guest.world, guest.entity)
      await stage.settle(30)
      expectSame([countOf(host, disconnect), countOf(guest, disconnect)], [0, 0], 'disconnects')
    },
  },
  {
    name: 'ends: last words of a client arrive, then its end',
    async play(stage) {
      const { host, guest, accepted } = await stage.link()
      const words = lastWords(stage)
      for (const bytes of words) sendPacket(guest.world, guest.entity, bytes)
      destroySocket(guest.world, guest.entity)
      await stage.until(() => countOf(host, disconnect) > 0, 'the server receives the disconnect')
      await stage.settle()
      expectWords(stage, words, messagesOf(host, accepted))
      expectSame(host.events.at(-1)!.type, disconnect, "the type of the server's last event")
      expectSame(countOf(host, disconnect), 1, 'the number of disconnect events')
    },
  },
  {
    name: 'ends: last words of a server arrive, then its end',
    async play(stage) {
      const { host, guest, accepted } = await stage.link()
      const words = lastWords(stage)
      for (const bytes of words) sendPacket(host.world, accepted, bytes)
      destroySocket(host.world, host.entity)
      await stage.until(() => countOf(guest, disconnect) > 0, 'the client receives the disconnect')
      await stage.settle()
      expectWords(stage, words, messagesOf(guest))
      expectSame(guest.events.at(-1)!.type, disconnect, "the type of the client's last event")
    },
  },
  {
    name: 'ends: nothing is received from a client that was turned out, not even what has arrived',
    async play(stage) {
      const { host, guest, accepted } = await stage.link()
      const other = stage.client()
      const stays = await stage.join(other, host)
      for (const bytes of createMessages(50, () => 100)) {
        sendPacket(guest.world, guest.entity, bytes)
        // The server's world does not tick meanwhile.
        await turn()
      }
      destroySocket(host.world, accepted)
      sendPacket(guest.world, guest.entity, new Uint8Array(10))
      sendPacket(other.world, other.entity, new Uint8Array(20))
      await stage.until(() => countOf(host, data) > 0, 'a message of another client arrives')
      await stage.until(() => countOf(guest, disconnect) > 0, 'the client receives its disconnect')
      await stage.settle()
      expectSame(
        host.events.map(({ type, id }) => [type, id]),
        [
          [connect, host.entity],
          [connect, host.entity],
          [data, stays],
        ],
        "type and id of the server's events",
      )
    },
  },
]

async function expectServerHears(stage: Stage, { host, guest, accepted }: Link): Promise<void> {
  await stage.until(() => countOf(host, disconnect) > 0, 'the server receives the disconnect')
  await stage.settle()
  const [begin, ...ends] = host.events.map(({ keys }) => keys)
  expectSame(
    ends,
    [{ ...begin, type: disconnect, succeeded: 0 }],
    "the server's events after its connect event",
  )
  expect(eventsOf(host, disconnect)[0]!.reason > 0, 'the end has a reason')
  expectSame(countOf(guest, disconnect), 0, "the client's disconnect events")
  expect(!entityExists(host.world, accepted), "the entity of the server's end is gone")
}

async function expectClientHears(stage: Stage, { host, guest }: Link): Promise<void> {
  await stage.until(() => countOf(guest, disconnect) > 0, 'the client receives the disconnect')
  await stage.settle()
  const [begin, ...ends] = guest.events.map(({ keys }) => keys)
  expectSame(
    ends,
    [{ ...begin, type: disconnect, succeeded: 0 }],
    "the client's events after its connect event",
  )
  expectSame(countOf(host, disconnect), 0, "the server's disconnect events")
  const { world, entity } = guest
  expect(hasComponent(world, entity, Disconnected), 'the client has Disconnected')
  expect(!hasComponent(world, entity, Connected), 'the client has no Connected any more')
  expectSame(
    Socket(world).disconnectReason[entity],
    DisconnectReason.closed,
    "the client's disconnectReason",
  )
}

/** Small ones and a large one. */
function lastWords({ subject }: Stage): Uint8Array[] {
  const large = Math.min(300_000, subject.capabilities.messageBytesMax - 12)
  return createMessages(5, (number) => (number === 3 ? large : 30 + number))
}

function expectWords(
  { subject }: Stage,
  words: readonly Uint8Array[],
  received: readonly Uint8Array[],
): void {
  const fault = findFault(words, received, { ...subject.capabilities, boundaries: 'message' })
  expect(fault === undefined, `the last words are what arrives; ${fault}`)
}
