import { query } from 'bitecs'
import {
  AcceptedBy,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  DisconnectReason,
  flushNetwork,
  NetworkError,
  NetworkSystem,
  sendRaw,
  Socket,
  SocketRole,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { statesOf, portOf } from '../lib/sockets.ts'
import { logOf } from '../lib/recordEvents.ts'
import { say } from '../lib/say.ts'

/** A row of the store. */
function rowOf(world: object, entity: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(Socket(world)).map(([name, values]) => [
      name,
      (values as readonly unknown[])[entity],
    ]),
  )
}

/** Bytes of the handshake: greeting 18 and welcome 12, answer 16. */
const handshake = { fromServer: 30, fromClient: 16 }

const fresh = {
  server: undefined,
  gameId: 0,
  disconnectReason: 0,
  connectError: 0,
  bytesIn: 0,
  bytesOut: 0,
  packetsIn: 0,
  packetsOut: 0,
  discardedBytes: 0,
  undelivered: 0,
  dropped: 0,
  badMessages: 0,
  refused: 0,
  failedHandshakes: 0,
}

memorySpec('Socket :: store', (it) => {
  it('of a server', (net) => {
    const world = net.world()
    const server = net.serverIn(world, {}, 4000)
    const expected = {
      ...fresh,
      type: SocketType.memory,
      role: SocketRole.server,
      raw: false,
      ip: '',
      port: 4000,
      localPort: 4000,
    }
    assert.equal(rowOf(world, server), expected)
    const raw = createServer(world, net.transport, 4001, { raw: true })
    assert.equal(rowOf(world, raw), { ...expected, raw: true, port: 4001, localPort: 4001 })
  })

  it('of a client, before and after it is connected, and of the end that accepted it', async (net) => {
    const host = net.world()
    const server = net.serverIn(host, {}, 4000)
    const guest = net.world({ gameId: -77 })
    const client = createSocket(guest, net.transport)
    const idle = {
      ...fresh,
      type: SocketType.memory,
      role: SocketRole.client,
      raw: false,
      ip: '',
      port: 0,
      localPort: 0,
    }
    assert.equal(rowOf(guest, client), idle)
    assert.is(await connectSocket(guest, client, 'memory', 4000), client)
    const { localPort } = Socket(guest)
    const own = localPort[client]!
    assert.ok(own > 0)
    NetworkSystem(guest)
    assert.equal(rowOf(guest, client), {
      ...idle,
      ip: '127.0.0.1',
      port: 4000,
      localPort: own,
      bytesIn: handshake.fromServer,
      bytesOut: handshake.fromClient,
    })
    NetworkSystem(host)
    const [accepted] = query(host, [Socket, AcceptedBy(server)])
    assert.equal(rowOf(host, accepted!), {
      ...idle,
      role: SocketRole.accepted,
      server,
      ip: '127.0.0.1',
      port: own,
      localPort: 4000,
      gameId: -77,
      bytesIn: handshake.fromClient,
      bytesOut: handshake.fromServer,
    })
  })

  it('of raw connections', (net) => {
    const host = net.world()
    const server = net.serverIn(host, { raw: true })
    const { guest, client, accepted } = net.link(host, server, net.world(), { raw: true })
    assert.is(Socket(guest).raw[client], true)
    assert.is(Socket(host).raw[accepted], true)
    assert.is(Socket(host).raw[server], true)
    const log = logOf(host)
    assert.is(sendRaw(guest, client, Buffer.from('plain')), 5)
    flushNetwork(guest)
    NetworkSystem(host)
    assert.equal(log, [`data ${accepted} plain`])
    assert.is(Socket(host).bytesIn[accepted], 5)
    assert.is(Socket(guest).bytesOut[client], 5)
    assert.is(Socket(guest).packetsOut[client], 1)
    assert.is(Socket(host).packetsIn[accepted], 1)
  })

  it('counts bytes and packets of both directions', (net) => {
    const [a, b] = net.links(2)
    const { host, guest, client, accepted } = a!
    say(guest, client, '12345')
    say(guest, client, '')
    flushNetwork(guest)
    say(host, accepted, '123')
    flushNetwork(host)
    NetworkSystem(host)
    NetworkSystem(guest)
    assert.is(Socket(host).bytesIn[accepted], handshake.fromClient + 29)
    assert.is(Socket(host).packetsIn[accepted], 2)
    assert.is(Socket(guest).bytesOut[client], handshake.fromClient + 29)
    assert.is(Socket(guest).packetsOut[client], 2)
    assert.is(Socket(guest).bytesIn[client], handshake.fromServer + 15)
    assert.is(Socket(host).bytesOut[accepted], handshake.fromServer + 15)
    assert.is(Socket(host).packetsOut[accepted], 1)
    assert.is(Socket(guest).packetsIn[client], 1)
    assert.is(Socket(host).packetsIn[b!.accepted], 0)
  })

  it('shows nothing of a former owner of its entity id', (net) => {
    const [a] = net.links(1)
    const { host, guest, client, accepted, server } = a!
    say(guest, client, 'bytes')
    flushNetwork(guest)
    NetworkSystem(host)
    destroySocket(host, accepted)
    const again = net.link(host, server)
    assert.is(again.accepted, accepted)
    const counters = rowOf(host, accepted)
    assert.is(counters['packetsIn'], 0)
    assert.is(counters['port'], Socket(again.guest).localPort[again.client])
    destroySocket(host, accepted)
    const client2 = createSocket(host, net.transport)
    assert.is(client2, accepted)
    assert.equal(rowOf(host, client2), {
      ...fresh,
      type: SocketType.memory,
      role: SocketRole.client,
      raw: false,
      ip: '',
      port: 0,
      localPort: 0,
    })
  })

  it('begins its counters anew when a client connects again', (net) => {
    const [a] = net.links(1)
    const { host, guest, client, server } = a!
    say(guest, client, 'bytes')
    say(host, a!.accepted, 'bytes')
    flushNetwork(guest)
    flushNetwork(host)
    destroySocket(host, a!.accepted)
    NetworkSystem(guest)
    assert.is(Socket(guest).disconnectReason[client], DisconnectReason.closed)
    assert.is(Socket(guest).packetsIn[client], 1)
    void connectSocket(guest, client, 'memory', portOf(host, server))
    NetworkSystem(guest)
    NetworkSystem(guest)
    const row = rowOf(guest, client)
    assert.is(row['disconnectReason'], 0)
    assert.is(row['packetsIn'], 0)
    assert.is(row['packetsOut'], 0)
  })

  it('counts refused connections and failed handshakes of a server', async (net) => {
    const host = net.world()
    const server = net.serverIn(host, { maxClients: 1 })
    const first = net.link(host, server)
    const guest = net.world()
    const client = createSocket(guest, net.transport)
    const port = portOf(host, server)
    const result = await connectSocket(guest, client, 'memory', port)
    assert.is(result, NetworkError.connectionClosed)
    assert.is(Socket(host).refused[server], 1)
    assert.is(Socket(guest).connectError[client], NetworkError.connectionClosed)
    destroySocket(first.guest, first.client)
    // The place is free when the world has been told.
    NetworkSystem(host)
    // A raw client never answers the greeting.
    const raw = createSocket(guest, net.transport)
    await connectSocket(guest, raw, 'memory', port, { raw: true })
    sendRaw(guest, raw, Buffer.from('this is no handshake'))
    await Promise.resolve()
    assert.is(Socket(host).failedHandshakes[server], 1)
    NetworkSystem(guest)
    assert.equal(statesOf(guest, raw), ['Disconnected'])
    assert.is(Socket(guest).disconnectReason[raw], DisconnectReason.reset)
  })

  it('changes nothing on the network when it is written to', (net) => {
    const [a] = net.links(1)
    const { host, guest, client, accepted } = a!
    const store = Socket(host)
    store.port[accepted] = 1
    store.role[accepted] = SocketRole.server
    store.raw[accepted] = true
    const log = logOf(host)
    say(guest, client, 'x')
    flushNetwork(guest)
    NetworkSystem(host)
    assert.equal(log, [`data ${accepted} x`])
  })
})
