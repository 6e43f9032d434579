import { createWorld, observe, onAdd, query, removeComponent, removeEntity } from 'bitecs'
import {
  AcceptedBy,
  type Clock,
  closeNetwork,
  Connecting,
  connectSocket,
  createMemoryTransport,
  createServer,
  createSocket,
  destroySocket,
  Listening,
  NetworkError,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendRaw,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { connect } from 'node:net'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { until } from '../lib/until.ts'

spec('ends of connections', (it) => {
  it('maxClients bounds the world too, however many come and go between two ticks', async () => {
    const transport = createMemoryTransport()
    const host = createWorld()
    const guest = createWorld()
    const server = createServer(host, transport, 4000, { maxClients: 1 })
    let most = 0
    let connects = 0
    let disconnects = 0
    onNetworking(host, server, (world, _self, load) => {
      most = Math.max(most, query(world, [AcceptedBy(server)]).length)
      if (load.type === NetworkType.connect) connects++
      if (load.type === NetworkType.disconnect) disconnects++
    })
    const results: number[] = []
    for (let index = 0; index < 50; index++) {
      const client = createSocket(guest, transport)
      results.push(await connectSocket(guest, client, 'memory', 4000))
      destroySocket(guest, client)
    }
    NetworkSystem(host)
    assert.is(results.filter((result) => result >= 0).length, 1)
    assert.equal([most, connects, disconnects], [1, 1, 1])
    assert.is(Socket(host).refused[server], 49)
    const next = createSocket(guest, transport)
    assert.is(await connectSocket(guest, next, 'memory', 4000), next)
    closeNetwork(guest)
    closeNetwork(host)
  })

  it('a peer that has ended its side still gets all that was sent', async () => {
    const world = createWorld()
    const server = createServer(world, SocketType.tcp, 0, { raw: true })
    const size = 12 * 1024 * 1024
    let sent = 0
    onNetworking(world, server, (_world, _self, load) => {
      if (load.type === NetworkType.connect)
        sent = sendRaw(world, load.socket, new Uint8Array(size))
    })
    const peer = connect({
      port: Socket(world).port[server]!,
      host: '127.0.0.1',
      allowHalfOpen: true,
    })
    try {
      peer.pause()
      await until(() => sent > 0, [world])
      peer.end()
      await until(() => query(world, [AcceptedBy(server)]).length === 0, [world])
      let received = 0
      peer.on('data', (chunk: Buffer) => (received += chunk.length))
      peer.resume()
      await until(() => received === size || peer.readableEnded, [world], 10_000)
      assert.is(received, size)
    } finally {
      peer.destroy()
      closeNetwork(world)
    }
  })

  it('connectSocket answers although an observer ends the socket meanwhile', async () => {
    const transport = createMemoryTransport()
    const host = createWorld()
    const server = createServer(host, transport, 4000)
    const guest = createWorld()
    const client = createSocket(guest, transport)
    observe(guest, onAdd(Connecting), (entity) => removeComponent(guest, entity, Socket))
    assert.is(await connectSocket(guest, client, 'memory', 4000), NetworkError.connectionClosed)
    NetworkSystem(host)
    assert.is(query(host, [AcceptedBy(server)]).length, 0)
    removeEntity(guest, client)
  })

  it('createServer gives its port back when an observer throws', () => {
    const world = createWorld()
    const problem = new Error('of an observer')
    const end = observe(world, onAdd(Listening), () => {
      throw problem
    })
    const transport = createMemoryTransport()
    assert.throws(
      () => createServer(world, transport, 4000),
      (error: unknown) => error === problem,
    )
    end()
    assert.ok(createServer(world, transport, 4000) >= 0)
    closeNetwork(world)
  })

  it('a clock that is none and an empty host are refused', () => {
    const world = createWorld()
    assert.throws(() => setNetworkConfig(world, { clock: {} as Clock }), /clock must be a Clock/)
    assert.throws(
      () => createServer(world, SocketType.tcp, 0, { host: '' }),
      /createServer: host must be an address, got ""/,
    )
  })
})
