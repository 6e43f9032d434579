import { query, type World } from 'bitecs'
import {
  AcceptedBy,
  createServer,
  destroySocket,
  NetworkSystem,
  sendRaw,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import * as assert from 'uvu/assert'
import { WebSocket } from 'ws'
import { netSpec } from '../lib/netSpec.ts'
import { networkOf } from '../../src/network/networkOf.ts'
import { turns, until } from '../lib/until.ts'

/** A plain client that can stop reading, and what it got. */
class Reader {
  readonly socket: WebSocket
  bytes = 0
  code = 0

  constructor(url: string) {
    this.socket = new WebSocket(url)
    this.socket.on('message', (data: Buffer) => (this.bytes += data.length))
    this.socket.on('close', (code) => (this.code = code))
    this.socket.on('error', () => {})
  }
}

function clientsOf(world: World, server: number): readonly number[] {
  return [...query(world, [Socket, AcceptedBy(server)])]
}

netSpec('WebSocket :: last words', (it) => {
  for (const size of [50_000, 200_000, 3_000_000])
    it(`messages of ${size} bytes all arrive at a slow reader that goes on talking, then 1000`, async (net) => {
      const world = net.world()
      const server = createServer(world, SocketType.ws, 0, { raw: true })
      const reader = new Reader(`ws://127.0.0.1:${Socket(world).port[server]}`)
      await until(() => clientsOf(world, server).length === 1, [world])
      const client = clientsOf(world, server)[0]!
      reader.socket.pause()
      let sent = 0
      // Until the operating system takes no more of an end that does not read.
      const { writing } = networkOf('test', world).watch
      while (writing.size === 0) {
        assert.is(sendRaw(world, client, new Uint8Array(size)), size)
        sent += size
        NetworkSystem(world)
        await turns(1)
      }
      destroySocket(world, client)
      reader.socket.resume()
      await until(
        () => reader.code !== 0,
        () => {
          if (reader.socket.readyState === WebSocket.OPEN) reader.socket.send('and another thing')
        },
      )
      assert.is(reader.bytes, sent)
      assert.is(reader.code, 1000)
    })
})

netSpec('WebSocket :: beside other servers of one HTTP server', (it) => {
  it('leaves the connections of another path alone, however quiet they are', async (net) => {
    const http = createHttpServer().listen(0, '127.0.0.1')
    try {
      await until(() => http.listening)
      const { port } = http.address() as AddressInfo
      const world = net.world({ handshakeTimeoutMs: 50 })
      const quiet = createServer(world, SocketType.ws, 0, { http, path: '/quiet', raw: true })
      createServer(world, SocketType.ws, 0, { http, path: '/other', raw: true })
      const reader = new Reader(`ws://127.0.0.1:${port}/quiet`)
      await until(() => clientsOf(world, quiet).length === 1, [world])
      // Nobody takes this one, so it ends when the time is over: then the other's is over too.
      const nobodys = new Reader(`ws://127.0.0.1:${port}/nobody`)
      await until(() => nobodys.code !== 0, [world])
      await turns(20)
      assert.is(reader.code, 0)
      assert.is(clientsOf(world, quiet).length, 1)
      reader.socket.terminate()
    } finally {
      http.close()
    }
  })
})
