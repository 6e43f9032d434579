import { observe, onAdd, query, removeComponent, removeEntity } from 'bitecs'
import {
  AcceptedBy,
  type Clock,
  Connecting,
  connectSocket,
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
import { memorySpec } from '../lib/netSpec.ts'
import { withNet } from '../lib/withNet.ts'
import { until } from '../lib/until.ts'

memorySpec('ends of connections', (it) => {
  it('maxClients bounds the world too, however many come and go between two ticks', async (net) => {
    const { transport } = net
    const { world: host, server, port } = net.server({ maxClients: 1 })
    const guest = net.world()
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
      results.push(await connectSocket(guest, client, 'memory', port))
      destroySocket(guest, client)
    }
    NetworkSystem(host)
    assert.is(results.filter((result) => result >= 0).length, 1)
    assert.equal([most, connects, disconnects], [1, 1, 1])
    assert.is(Socket(host).refused[server], 49)
    const next = createSocket(guest, transport)
    assert.is(await connectSocket(guest, next, 'memory', port), next)
  })

  it(
    'a peer that has ended its side still gets all that was sent',
    withNet(async (net) => {
      const { world, server, port } = net.server({ raw: true })
      const size = 12 * 1024 * 1024
      let sent = 0
      onNetworking(world, server, (_world, _self, load) => {
        if (load.type === NetworkType.connect)
          sent = sendRaw(world, load.socket, new Uint8Array(size))
      })
      const peer = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
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
      }
    }),
  )

  it('connectSocket answers although an observer ends the socket meanwhile', async (net) => {
    const { world: host, server, port } = net.server()
    const { world: guest, socket: client } = net.client()
    observe(guest, onAdd(Connecting), (entity) => removeComponent(guest, entity, Socket))
    assert.is(await connectSocket(guest, client, 'memory', port), NetworkError.connectionClosed)
    NetworkSystem(host)
    assert.is(query(host, [AcceptedBy(server)]).length, 0)
    removeEntity(guest, client)
  })

  it('createServer gives its port back when an observer throws', (net) => {
    const world = net.world()
    const problem = new Error('of an observer')
    const end = observe(world, onAdd(Listening), () => {
      throw problem
    })
    assert.throws(
      () => net.serverIn(world, {}, 4000),
      (error: unknown) => error === problem,
    )
    end()
    assert.ok(net.serverIn(world, {}, 4000) >= 0)
  })

  it('a clock that is none and an empty host are refused', (net) => {
    const world = net.world()
    assert.throws(() => setNetworkConfig(world, { clock: {} as Clock }), /clock must be a Clock/)
    assert.throws(
      () => createServer(world, SocketType.tcp, 0, { host: '' }),
      /createServer: host must be an address, got ""/,
    )
  })
})
