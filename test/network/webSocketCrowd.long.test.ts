import { createWorld, query, type World } from 'bitecs'
import {
  AcceptedBy,
  closeNetwork,
  connectSocket,
  createServer,
  createSocket,
  destroySocket,
  NetworkEvent,
  NetworkType,
  sendPacket,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import * as assert from 'uvu/assert'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { onEach } from '../lib/recordEvents.ts'

const crowd = 1_000
/** As many connections are begun at a time, so that none waits too long for its turn. */
const groupSize = 100

/** How many sockets the process keeps open, by kind. */
function openSockets(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of process.getActiveResourcesInfo())
    if (/^(TCP|TLS)/.test(name)) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** Answers every message with itself. */
function echo(world: World): void {
  onEach(world, (load) => {
    if (load.type === NetworkType.data) sendPacket(world, load.id, load.buffer, load.size)
  })
}

spec('a crowd of WebSocket clients', (it) => {
  it('1,000 connect, are echoed and leave, and nothing is left of them', async () => {
    const http = createHttpServer().listen(0, '127.0.0.1')
    await until(() => http.listening)
    const listenersBefore = http.eventNames().map((name) => http.listenerCount(name))
    const before = openSockets()
    const host = createWorld()
    const guest = createWorld()
    const worlds = [host, guest]
    try {
      const server = createServer(host, SocketType.ws, 0, { http })
      const { port } = http.address() as AddressInfo
      echo(host)
      let connects = 0
      let disconnects = 0
      onEach(host, ({ type }) => {
        if (type === NetworkType.connect) connects++
        if (type === NetworkType.disconnect) disconnects++
      })
      const echoed = new Set<number>()
      onEach(guest, (load) => {
        if (load.type === NetworkType.data && load.size === 4) echoed.add(load.id)
      })

      const clients: number[] = []
      while (clients.length < crowd) {
        const group = Array.from({ length: groupSize }, () => createSocket(guest, SocketType.ws))
        const results = group.map((socket) => connectSocket(guest, socket, '127.0.0.1', port))
        clients.push(...group)
        await until(() => connects === clients.length, worlds)
        assert.equal(await Promise.all(results), group)
      }
      assert.is(query(host, [Socket, AcceptedBy(server)]).length, crowd)

      assert.is(sendPacket(guest, clients, Uint8Array.of(1, 2, 3, 4)), crowd)
      await until(() => echoed.size === crowd, worlds)

      // A third leaves, a third is turned out, a third goes with the server.
      const accepted = [...query(host, [Socket, AcceptedBy(server)])]
      const third = Math.floor(crowd / 3)
      for (const client of clients.slice(0, third)) destroySocket(guest, client)
      await until(() => disconnects === third, worlds)
      const left = accepted.filter((socket) => query(host, [Socket]).includes(socket))
      for (const socket of left.slice(0, third)) destroySocket(host, socket)
      destroySocket(host, server)
      await until(() => query(host, [Socket]).length === 0, worlds)
      closeNetwork(guest)

      assert.is(connects, crowd)
      assert.is(disconnects, third)
      for (const world of worlds) {
        assert.is(query(world, [Socket]).length, 0)
        assert.is(query(world, [NetworkEvent]).length, 0)
      }
      await until(() => JSON.stringify(openSockets()) === JSON.stringify(before), worlds)
      assert.equal(
        http.eventNames().map((name) => http.listenerCount(name)),
        listenersBefore,
      )
    } finally {
      for (const world of worlds) closeNetwork(world)
      http.close()
    }
  })
})
