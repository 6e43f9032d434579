import {
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  NetworkError,
  type ServerOptions,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { createServer as createHttpServer, request as ask } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import * as assert from 'uvu/assert'
import { authority, localCertificate } from '../lib/certificates.ts'
import { answer } from '../lib/gameMaker.ts'
import { netSpec } from '../lib/netSpec.ts'
import { recordEvents } from '../lib/recordEvents.ts'
import { clientsOf, portOf } from '../lib/sockets.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { turns, until } from '../lib/until.ts'
import { WebSocket } from 'ws'
import {
  ask as askRaw,
  closeRawPeers,
  frame,
  isLeft,
  rawClient,
  statusOf,
  upgradeRequest,
} from '../transport/webSocketPeers.ts'

const { ws, wss } = SocketType
const local = '127.0.0.1'

/** What a plain client without a place gets of a server: the HTTP status. */
async function refusedStatus(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const client = new WebSocket(url, { ca: authority })
    client.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode)
      client.on('error', () => {})
      client.terminate()
    })
    client.on('open', () => reject(new Error('it is open')))
  })
}

/** A server on the HTTP server of someone else. */
async function withShared(
  net: TestNet,
  options: ServerOptions,
  run: (port: number, shared: ReturnType<typeof share>) => Promise<void>,
): Promise<void> {
  const http = createHttpServer((_request, response) => response.end('page'))
  http.listen(0, local)
  try {
    await until(() => http.listening)
    const shared = share(net, { ...options, http })
    await run((http.address() as AddressInfo).port, shared)
  } finally {
    http.close()
    http.closeAllConnections()
  }
}

function share(net: TestNet, options: ServerOptions) {
  const world = net.world()
  const server = createServer(world, ws, 0, options)
  return { world, server, events: recordEvents(world) }
}

netSpec('a full WebSocket server', (it) => {
  it('answers 503 instead of the upgrade, with nothing behind it', async (net) => {
    const { world, server, events } = share(net, { maxClients: 0 })
    try {
      for (let count = 1; count <= 3; count++) {
        const head = await askRaw(portOf(world, server), upgradeRequest())
        assert.equal(head.split('\r\n'), [
          'HTTP/1.1 503 Service Unavailable',
          'Connection: close',
          'Content-Length: 0',
          '',
          '',
        ])
        assert.is(Socket(world).refused[server], count)
      }
      await turns(20)
      assert.is(Socket(world).failedHandshakes[server], 0)
      assert.equal(events, [])
    } finally {
      closeRawPeers()
    }
  })

  it('does so over TLS', async (net) => {
    const world = net.world()
    const server = createServer(world, wss, 0, { maxClients: 0, certificate: localCertificate })
    const port = portOf(world, server)
    assert.is(await refusedStatus(`wss://localhost:${port}`), 503)
    const socket = createSocket(world, wss)
    const result = await connectSocket(world, socket, 'localhost', port, { ca: authority })
    assert.is(result, NetworkError.refused)
    await turns(20)
    assert.is(Socket(world).refused[server], 2)
    assert.is(Socket(world).failedHandshakes[server], 0)
  })

  it('does so on a shared HTTP server, whose pages go on', (net) =>
    withShared(net, { maxClients: 0 }, async (port, { world, server, events }) => {
      assert.is(await refusedStatus(`ws://${local}:${port}`), 503)
      assert.is(Socket(world).refused[server], 1)
      assert.is(Socket(world).failedHandshakes[server], 0)
      const page = await new Promise<number | undefined>((resolve) => {
        ask({ port, host: local, agent: false }, ({ statusCode }) => resolve(statusCode)).end()
      })
      assert.is(page, 200)
      assert.equal(events, [])
    }))

  it('waits for no peer that does not read, on a shared HTTP server', async (net) => {
    const page = Buffer.alloc(2 ** 25)
    const http = createHttpServer((_request, response) => response.end(page))
    const open = new Set<object>()
    http.on(
      'connection',
      (socket) => open.add(socket).size && socket.on('close', () => open.delete(socket)),
    )
    http.listen(0, local)
    await until(() => http.listening)
    const { port } = http.address() as AddressInfo
    const world = net.world()
    setNetworkConfig(world, { handshakeTimeoutMs: 200 })
    createServer(world, ws, 0, { http, path: '/full', maxClients: 0 })
    createServer(world, ws, 0, { http, path: '/origins', origins: [] })
    createServer(world, ws, 0, { http, path: '/open' })
    const evil = upgradeRequest('/origins', ['Origin: https://evil.example'])
    const wrong = Buffer.from(upgradeRequest('/open')).toString().replace('n: 13', 'n: 7')
    const requests = [upgradeRequest('/full'), evil, wrong, upgradeRequest('/nowhere')]
    const peers = requests.map((request) => {
      const peer = connect(port, local).pause()
      peer.on('error', () => {})
      // The page fills what the system keeps for it, so the answer behind it does not leave.
      peer.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
      peer.write(request)
      return peer
    })
    try {
      await until(() => open.size === peers.length)
      await until(() => open.size === 0)
    } finally {
      for (const peer of peers) peer.destroy()
      http.close()
      http.closeAllConnections()
    }
  })

  it('answers 404 for another path and 403 for another origin all the same', async (net) => {
    const origins = ['https://good.example']
    const options = { maxClients: 0, path: '/game', origins }
    const evil = upgradeRequest('/game', ['Origin: https://evil.example'])
    const good = upgradeRequest('/game', ['Origin: https://good.example'])
    const statuses = async (port: number): Promise<number[]> => [
      await statusOf(port, upgradeRequest('/other')),
      await statusOf(port, evil),
      await statusOf(port, good),
    ]
    const own = share(net, options)
    assert.equal(await statuses(portOf(own.world, own.server)), [404, 403, 503])
    assert.is(Socket(own.world).refused[own.server], 1)
    await withShared(net, options, async (port, { world, server }) => {
      assert.equal(await statuses(port), [404, 403, 503])
      assert.is(Socket(world).refused[server], 1)
    })
    closeRawPeers()
  })

  for (const raw of [false, true])
    it(`is "refused" to a client of ours in Node, with raw ${raw}, and has a place again later`, async (net) => {
      const { world, server, events } = share(net, { maxClients: 1, raw })
      const port = portOf(world, server)
      const [first, second] = [net.world(), net.world()]
      const member = createSocket(first, ws)
      assert.is(await connectSocket(first, member, local, port, { raw }), member)
      await until(() => events.length === 1, [world, first])
      const late = createSocket(second, ws)
      const lateEvents = recordEvents(second)
      const options = { raw, async: true }
      assert.is(await connectSocket(second, late, local, port, options), NetworkError.refused)
      assert.is(Socket(second).connectError[late], NetworkError.refused)
      await until(() => lateEvents.length === 1, [second])
      assert.is(lateEvents[0]!.succeeded, 0)
      assert.is(Socket(world).refused[server], 1)
      assert.is(events.length, 1)
      destroySocket(first, member)
      await until(() => clientsOf(world, server).length === 0, [world])
      assert.is(await connectSocket(second, late, local, port, options), late)
    })

  it('closes with 1013 those whose handshakes are under way when the last place goes', async (net) => {
    const { world, server, events } = share(net, { maxClients: 1 })
    const port = portOf(world, server)
    try {
      const peers = await Promise.all([rawClient(port), rawClient(port)])
      for (const peer of peers) peer.send(frame(0x82, answer))
      await until(() => Socket(world).refused[server] === 1 && events.length === 1, [world])
      await until(() => peers.some(isLeft))
      const closed = peers.filter((peer) => peer.takeAll().endsWith('880203f5'))
      assert.is(closed.length, 1)
      assert.is(Socket(world).failedHandshakes[server], 0)
    } finally {
      closeRawPeers()
    }
  })
})
