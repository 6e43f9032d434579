import { entityExists, observe, onAdd, onRemove, query } from 'bitecs'
import {
  Connected,
  connectSocket,
  createSocket,
  destroySocket,
  NetworkError,
  NetworkSystem,
  sendPacket,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { statesOf, stateTags, portOf } from '../lib/sockets.ts'
import { logOf } from '../lib/recordEvents.ts'

memorySpec('Socket :: states', (it) => {
  it('through the life of a client that connects, loses its server and connects again', async (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const guest = net.world()
    const client = createSocket(guest, net.transport)
    const changes: string[] = []
    for (const [name, tag] of Object.entries(stateTags)) {
      observe(guest, onAdd(tag), () => void changes.push(`+${name}`))
      observe(guest, onRemove(tag), () => void changes.push(`-${name}`))
    }
    assert.equal(statesOf(host, server), ['Listening'])
    assert.equal(statesOf(guest, client), [])
    const port = portOf(host, server)
    const connected = connectSocket(guest, client, 'memory', port)
    assert.equal(statesOf(guest, client), ['Connecting'])
    assert.is(await connected, client)
    assert.equal(statesOf(guest, client), ['Connected'])
    NetworkSystem(host)
    const [accepted] = query(host, [Socket, Connected])
    assert.equal(statesOf(host, accepted!), ['Connected'])
    destroySocket(host, accepted!)
    NetworkSystem(guest)
    assert.equal(statesOf(guest, client), ['Disconnected'])
    const refused = connectSocket(guest, client, 'memory', 1)
    assert.equal(statesOf(guest, client), ['Connecting'])
    assert.is(await refused, NetworkError.refused)
    assert.equal(statesOf(guest, client), ['Disconnected'])
    assert.is(Socket(guest).connectError[client], NetworkError.refused)
    await connectSocket(guest, client, 'memory', port)
    assert.equal(statesOf(guest, client), ['Connected'])
    assert.is(Socket(guest).connectError[client], 0)
    destroySocket(guest, client)
    assert.equal(changes, [
      '+Connecting',
      '-Connecting',
      '+Connected',
      '-Connected',
      '+Disconnected',
      '-Disconnected',
      '+Connecting',
      '-Connecting',
      '+Disconnected',
      '-Disconnected',
      '+Connecting',
      '-Connecting',
      '+Connected',
      '-Connected',
    ])
  })

  it('never two at a time: a client that connects anew before the tick that would tell of its end', async (net) => {
    const [a] = net.links(1)
    const { host, guest, client } = a!
    destroySocket(host, a!.accepted)
    assert.is(sendPacket(guest, client, Buffer.from('x')), NetworkError.notConnected)
    const refused = connectSocket(guest, client, 'memory', 1)
    assert.equal(statesOf(guest, client), ['Connecting'])
    assert.is(await refused, NetworkError.refused)
    assert.equal(statesOf(guest, client), ['Disconnected'])
    NetworkSystem(guest)
    assert.equal(statesOf(guest, client), ['Disconnected'])
  })

  it('Connecting until the handshake is done, timed out by the clock of the world', async (net) => {
    const host = net.world()
    // A raw server says nothing, so the client waits for a greeting.
    const server = net.serverIn(host, { raw: true })
    const guest = net.world({ connectTimeoutMs: 500 })
    const client = createSocket(guest, net.transport)
    const result = connectSocket(guest, client, 'memory', portOf(host, server))
    NetworkSystem(guest)
    assert.equal(statesOf(guest, client), ['Connecting'])
    net.clock.advance(499)
    NetworkSystem(guest)
    assert.equal(statesOf(guest, client), ['Connecting'])
    net.clock.advance(1)
    assert.is(await result, NetworkError.timedOut)
    assert.equal(statesOf(guest, client), ['Disconnected'])
    // What waits in the host is looked at once, since no tick takes it.
    net.clock.advance(5_000)
    assert.is(net.clock.pendingTimers, 0)
  })

  it('of accepted sockets and their entities end in the tick of the disconnect event', (net) => {
    const [a] = net.links(1)
    const { host, accepted } = a!
    const log = logOf(host)
    destroySocket(a!.guest, a!.client)
    assert.ok(entityExists(host, accepted))
    assert.is(sendPacket(host, accepted, Buffer.from('x')), NetworkError.notConnected)
    NetworkSystem(host)
    assert.equal(log, [`disconnect ${accepted}`])
    assert.not.ok(entityExists(host, accepted))
  })
})
