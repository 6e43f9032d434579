import { createWorld, type EntityId, query, type World } from 'bitecs'
import {
  AcceptedBy,
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
  type SocketStore,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { answer, greeting, helloPacket, welcome } from '../lib/gameMaker.ts'
import { HandTransport, hexBytes } from '../lib/HandTransport.ts'
import { spec } from '../spec.ts'
import { rowsOf } from './rows.ts'

const names = [
  'bytesIn',
  'bytesOut',
  'packetsIn',
  'packetsOut',
  'discardedBytes',
  'undelivered',
  'dropped',
] as const satisfies readonly (keyof SocketStore)[]

type Counts = Partial<Record<(typeof names)[number], number>>

/** The counters of a socket are these, and 0 otherwise. */
function counts(world: World, entity: EntityId, expected: Counts): void {
  const store = Socket(world)
  const found = Object.fromEntries(names.map((name) => [name, store[name][entity]]))
  const zeros = Object.fromEntries(names.map((name) => [name, 0]))
  assert.equal(found, { ...zeros, ...expected })
}

class Host {
  readonly world = createWorld()
  readonly clock = createVirtualClock()
  readonly transport = new HandTransport()

  constructor() {
    setNetworkConfig(this.world, { clock: this.clock, warn() {} })
  }

  server(options = {}): EntityId {
    return createServer(this.world, this.transport, 6_510, options)
  }

  /** The newest client of a server, after a tick. */
  newest(server: EntityId): EntityId {
    NetworkSystem(this.world)
    return query(this.world, [Socket, AcceptedBy(server)]).at(-1)!
  }
}

const handshakeIn = 16
const handshakeOut = 18 + 12

spec('counters before there is an entity', (it) => {
  it('the bytes of a handshake are in the row of an accepted socket', () => {
    const { world, transport } = new Host()
    const server = createServer(world, transport, 6_510)
    const { events } = transport.accept()
    for (const byte of Buffer.from(answer, 'hex')) events.received(Uint8Array.of(byte))
    NetworkSystem(world)
    const [client] = query(world, [Socket, AcceptedBy(server)])
    counts(world, client!, { bytesIn: handshakeIn, bytesOut: handshakeOut })
    counts(world, server, {})
  })

  it('and so is what came before the first tick: packets, and bytes that are not one', () => {
    const host = new Host()
    const server = host.server()
    const { events } = host.transport.accept()
    events.received(hexBytes(answer + helloPacket + helloPacket))
    events.received(hexBytes('00'.repeat(20)))
    events.received(hexBytes(helloPacket))
    counts(host.world, host.newest(server), {
      bytesIn: handshakeIn + 3 * 17 + 20,
      bytesOut: handshakeOut,
      packetsIn: 3,
      discardedBytes: 20,
    })
  })

  it('in raw mode too', () => {
    const host = new Host()
    const server = host.server({ raw: true })
    host.transport.accept().events.received(hexBytes('0102'))
    counts(host.world, host.newest(server), { bytesIn: 2, packetsIn: 1 })
  })

  it('what comes and leaves later is counted at once, without a tick', () => {
    const host = new Host()
    const server = host.server()
    const { events } = host.transport.accept()
    events.received(hexBytes(answer))
    const client = host.newest(server)
    events.received(hexBytes(helloPacket))
    assert.is(sendPacket(host.world, client, hexBytes('01')), 13)
    flushNetwork(host.world)
    counts(host.world, client, {
      bytesIn: handshakeIn + 17,
      bytesOut: handshakeOut + 13,
      packetsOut: 1,
    })
    NetworkSystem(host.world)
    assert.is(Socket(host.world).packetsIn[client], 1)
  })

  it('a client that connects counts its handshake, and begins again at 0 for its next connection', () => {
    const { world, transport } = new Host()
    const client = createSocket(world, transport)
    for (let time = 0; time < 2; time++) {
      void connectSocket(world, client, 'peer', 7)
      counts(world, client, {})
      const { connection, events } = transport.client!
      events.opened(connection)
      events.received(hexBytes(greeting))
      events.received(hexBytes(welcome + helloPacket))
      NetworkSystem(world)
      const all = { bytesIn: 18 + 12 + 17, bytesOut: 16, packetsIn: 1 }
      counts(world, client, all)
      events.received(hexBytes(helloPacket.slice(0, 20)))
      events.ended(DisconnectReason.closed)
      NetworkSystem(world)
      // The counters of a connection that has ended stay to be read.
      counts(world, client, { ...all, bytesIn: all.bytesIn + 10, discardedBytes: 10 })
    }
  })
})

spec('counters of a connection whose handshake fails', (it) => {
  const failures: Record<string, (host: Host, server: EntityId) => void> = {
    'by wrong bytes': ({ transport }) => transport.accept().events.received(hexBytes('00ff')),
    'by an end': ({ transport }) => {
      const { events, connection } = transport.accept()
      events.received(hexBytes(answer.slice(0, 10)))
      connection.ended = 'close'
      events.ended(DisconnectReason.reset)
    },
    'by its time limit': ({ transport, clock }) => {
      transport.accept().events.received(hexBytes(answer.slice(0, 10)))
      clock.advance(10_000)
    },
  }
  for (const [name, fail] of Object.entries(failures))
    it(`${name}: the server counts it, and nothing else does`, () => {
      const host = new Host()
      const server = host.server()
      const { events } = host.transport.accept()
      events.received(hexBytes(answer))
      const client = host.newest(server)
      const before = rowsOf(host.world)
      fail(host, server)
      const { failedHandshakes } = Socket(host.world)
      assert.is(failedHandshakes[server], 1)
      failedHandshakes[server] = 0
      assert.is(rowsOf(host.world), before)
      NetworkSystem(host.world)
      assert.is(rowsOf(host.world), before)
      assert.equal([...query(host.world, [Socket])], [server, client])
    })

  it('a connection that is turned away is counted as refused, and nowhere else', () => {
    const host = new Host()
    const server = host.server({ maxClients: 1 })
    const [one, two] = [host.transport.accept(), host.transport.accept()]
    one.events.received(hexBytes(answer))
    const client = host.newest(server)
    const before = rowsOf(host.world)
    two.events.received(hexBytes(answer + helloPacket))
    assert.is(host.transport.accept().connection.ended, 'close')
    const { refused } = Socket(host.world)
    assert.is(refused[server], 2)
    refused[server] = 0
    NetworkSystem(host.world)
    assert.is(rowsOf(host.world), before)
    counts(host.world, client, { bytesIn: handshakeIn, bytesOut: handshakeOut })
  })
})

spec('counters of an id that is used again', (it) => {
  it('begin at 0, and nothing late of the former socket is added', () => {
    const host = new Host()
    const { world, transport } = host
    const server = host.server()
    const former = transport.accept()
    former.events.received(hexBytes(answer + helloPacket))
    const client = host.newest(server)
    former.events.received(hexBytes(helloPacket.slice(0, 20)))
    sendPacket(world, client, hexBytes('01'))
    destroySocket(world, client)
    const next = transport.accept()
    next.events.received(hexBytes(answer))
    assert.is(host.newest(server), client, 'the id is used again')
    const fresh = { bytesIn: handshakeIn, bytesOut: handshakeOut }
    counts(world, client, fresh)
    former.events.received(hexBytes(helloPacket))
    former.events.drained()
    former.events.ended(DisconnectReason.reset)
    NetworkSystem(world)
    counts(world, client, fresh)
  })

  it('of a server: refused and failed handshakes begin at 0', () => {
    const host = new Host()
    const { world, transport } = host
    const server = host.server({ maxClients: 1 })
    transport.accept().events.received(hexBytes('00'))
    transport.accept().events.received(hexBytes(answer))
    transport.accept()
    destroySocket(world, server)
    NetworkSystem(world)
    const again = host.server()
    assert.is(again, server)
    assert.is(Socket(world).refused[again], 0)
    assert.is(Socket(world).failedHandshakes[again], 0)
    counts(world, again, {})
  })

  it('a client socket that takes the id of an accepted one begins at 0', () => {
    const host = new Host()
    const { world, transport } = host
    const server = host.server()
    transport.accept().events.received(hexBytes(answer + helloPacket))
    const client = host.newest(server)
    destroySocket(world, client)
    assert.is(createSocket(world, transport), client)
    counts(world, client, {})
    assert.is(Socket(world).server[client], undefined)
  })
})
