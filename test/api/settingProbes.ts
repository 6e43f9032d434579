// Settings of a connection, each with a way to see whether it holds.

import { createWorld, type EntityId, query, type World } from 'bitecs'
import {
  AcceptedBy,
  Connected,
  connectSocket,
  createServer,
  createSocket,
  createVirtualClock,
  destroySocket,
  DisconnectReason,
  flushNetwork,
  NetworkSystem,
  sendPacket,
  setNetworkConfig,
  Socket,
  type SocketConfig,
  type VirtualClock,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { answer, greeting, helloPacket, welcome } from '../lib/gameMaker.ts'
import { type HandEnd, HandTransport, hexBytes } from '../lib/HandTransport.ts'

/** A connected socket, a client's or an accepted one. */
export interface Live {
  readonly world: World
  readonly entity: EntityId
  readonly end: HandEnd
}

/** A setting, a value of it that is not the default, and a way to see which of the two holds. */
export interface Setting {
  readonly config: SocketConfig
  /** What the setting was before. */
  readonly former: SocketConfig
  /** A value of a wrong type. */
  readonly wrong: object
  /** Ends the connection, or not, as the setting says. */
  readonly probe: (net: Hand, live: Live) => void
  /** How the probe ends the connection where the setting holds, and where it does not. */
  readonly ends: readonly [holds: string, not: string]
}

/** Every setting of a connection. */
export const settings: Record<string, Setting> = {
  avoidTimeWait: {
    config: { avoidTimeWait: true },
    former: { avoidTimeWait: false },
    wrong: { avoidTimeWait: 1 },
    probe: (_net, { world, entity }) => destroySocket(world, entity),
    ends: ['reset', 'close'],
  },
  messageBytesMax: {
    config: { messageBytesMax: 4 },
    former: { messageBytesMax: 4_096 },
    wrong: { messageBytesMax: '4' },
    probe: (_net, { end }) => end.events.received(hexBytes(helloPacket)),
    ends: ['reset', ''],
  },
  malformed: {
    config: { malformed: 'close' },
    former: { malformed: 'discard' },
    wrong: { malformed: 'drop' },
    probe: (_net, { end }) => end.events.received(hexBytes('00'.repeat(20))),
    ends: ['reset', ''],
  },
  readTimeoutMs: {
    config: { readTimeoutMs: 1_000 },
    former: { readTimeoutMs: 0 },
    wrong: { readTimeoutMs: -1 },
    probe(net, { world, end }) {
      end.events.received(hexBytes(helloPacket.slice(0, 26)))
      net.pass(world, 1_000)
    },
    ends: ['reset', ''],
  },
  writeStallMs: {
    config: { writeStallMs: 1_000 },
    former: { writeStallMs: 15_000 },
    wrong: { writeStallMs: 0 },
    probe(net, { world, entity, end }) {
      end.connection.isSlow = true
      assert.is(sendPacket(world, entity, hexBytes('01')), 13)
      flushNetwork(world)
      net.pass(world, 1_000)
    },
    ends: ['reset', ''],
  },
}

/** A world whose peers are played by hand. */
export class Hand {
  readonly clock: VirtualClock = createVirtualClock()
  readonly transport: HandTransport = new HandTransport()
  readonly world: World = createWorld()

  constructor() {
    setNetworkConfig(this.world, { clock: this.clock, warn() {} })
  }

  pass(world: World, ms: number): void {
    this.clock.advance(ms)
    NetworkSystem(world)
  }

  /** Connects a client socket, with handshake. */
  connect(entity: EntityId): Live {
    const { world, transport } = this
    void connectSocket(world, entity, 'peer', 7)
    const { connection, events } = transport.client!
    events.opened(connection)
    events.received(hexBytes(greeting))
    events.received(hexBytes(welcome))
    NetworkSystem(world)
    assert.equal([...query(world, [Connected])], [entity])
    return { world, entity, end: { connection, events } }
  }

  /** The peer of a client is gone. */
  lose({ end }: Live): void {
    end.events.ended(DisconnectReason.closed)
    NetworkSystem(this.world)
  }

  client(): EntityId {
    return createSocket(this.world, this.transport)
  }

  server(): EntityId {
    return createServer(this.world, this.transport, 6_510)
  }

  /** A server's newest client, with handshake. */
  accept(server: EntityId): Live {
    const { world, transport } = this
    const end = transport.accept()
    end.events.received(hexBytes(answer))
    NetworkSystem(world)
    const entity = query(world, [Socket, AcceptedBy(server)]).at(-1)!
    return { world, entity, end }
  }

  set(entity: EntityId, config: SocketConfig): void {
    assert.is(setNetworkConfig(this.world, entity, config), 0)
  }
}

/** The setting holds: its probe ends the connection as it says. */
export function holds(net: Hand, { probe, ends }: Setting, live: Live): void {
  probe(net, live)
  assert.is(live.end.connection.ended, ends[0])
}

/** The setting does not hold. */
export function holdsNot(net: Hand, { probe, ends }: Setting, live: Live): void {
  probe(net, live)
  assert.is(live.end.connection.ended, ends[1])
}
