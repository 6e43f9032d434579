// A server that is destroyed with all its clients: they are closed, the port is free, nothing is left, and the process can end.

import { createServer, destroySocket, Socket, SocketType } from 'bitecs-networking'
import { setTimeout as delay } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { patience } from '../lib/patience.ts'
import { amountOf, figure, isSoak } from '../lib/row.ts'
import { spec } from '../spec.ts'
import { play, withPrograms } from './Program.ts'
import { serverAnswers, world } from './rowServer.ts'
import { answerClose, dial, shakeHands, sourceOf, type Way } from './visit.ts'

const mebibyte = 1024 * 1024
const clients = amountOf({ test: 100, ci: 1_000 })
const cycles = amountOf({ test: 50, ci: 300, soak: 1_000 })
/** Cycles before anything is measured: what is compiled and loaded once is there then. */
const warmCycles = Math.ceil(cycles / 5)
const closedMaxMs = isSoak ? 1_000 : 2_000 * patience
const exitMaxMs = 5_000 * patience

interface Place {
  readonly way: Way
  readonly port: number
}

const shutdownServerAnswers = {
  ...serverAnswers,

  /** Destroys the server, and opens another on its port at once. Returns how long that took, and the time of it. */
  restart({ way, port }: Place): { readonly blockedMs: number; readonly atMs: number } {
    const atMs = Date.now()
    const start = performance.now()
    serverAnswers.destroy()
    serverAnswers.open({ way, port })
    return { blockedMs: performance.now() - start, atMs }
  },

  /** Starts and stops a server on one port, each with a client; UDP has none. */
  async cycle({
    way,
    count,
  }: {
    readonly way: Way | 'udp'
    readonly count: number
  }): Promise<void> {
    let port = 0
    for (let index = 0; index < count; index++) {
      const server = createServer(world, SocketType[way], port)
      assert.ok(server >= 0, `createServer: ${server}`)
      port = Socket(world).port[server]!
      if (way === 'udp') destroySocket(world, server)
      else await leaveWith(server, { way, port }, index)
    }
  },
}

async function leaveWith(server: number, { way, port }: Place, index: number): Promise<void> {
  const socket = dial(way, port, sourceOf(index))
  assert.ok(await shakeHands(socket, way))
  answerClose(socket)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  destroySocket(world, server)
  await closed
}

/** How many are closed, and when the last was. */
const left = { count: 0, atMs: 0 }

const crowdAnswers = {
  async join({ way, port }: Place): Promise<number> {
    let welcomed = 0
    for (let index = 0; index < clients; index += 50) {
      const group = Array.from({ length: 50 }, async (_, number) => {
        const socket = dial(way, port, sourceOf(index + number))
        if (!(await shakeHands(socket, way))) return
        welcomed++
        answerClose(socket)
        socket.once('close', () => {
          left.count++
          left.atMs = Date.now()
        })
      })
      await Promise.all(group)
    }
    return welcomed
  },
  left: () => left,
}

async function destroy(way: 'tcp' | 'ws'): Promise<void> {
  await withPrograms(async (start) => {
    const server = start<typeof shutdownServerAnswers>('server')
    const crowd = start<typeof crowdAnswers>('crowd')
    const port = await server.ask('open', { way })
    const before = await server.ask('glance', undefined)
    assert.is(await crowd.ask('join', { way, port }), clients)
    await waitFor(async () => (await server.ask('glance', undefined)).connects === clients)
    const { blockedMs, atMs } = await server.ask('restart', { way, port })
    await waitFor(async () => (await crowd.ask('left', undefined)).count === clients)
    const closedMs = (await crowd.ask('left', undefined)).atMs - atMs
    figure(
      'R-26',
      `${way}, ${clients} clients: closed after ${closedMs} ms, of which the server was busy ${blockedMs.toFixed(0)} ms`,
    )
    const after = await server.ask('report', undefined)
    assert.equal([after.sockets, after.entities], [before.sockets, before.entities])
    // Who destroys a server is not told of its clients.
    assert.is(after.disconnects, 0)
    const guest = dial(way, port)
    assert.ok(await shakeHands(guest, way))
    await waitFor(async () => (await server.ask('glance', undefined)).connects === clients + 1)
    answerClose(guest)
    await server.ask('shutDown', undefined)
    const exit = await Promise.race([
      server.exitCode,
      delay(exitMaxMs, 'still runs', { ref: false }),
    ])
    assert.is(exit, 0)
    assert.ok(closedMs <= closedMaxMs, `closed after ${closedMs} ms`)
  })
}

async function restart(way: 'tcp' | 'ws' | 'udp'): Promise<void> {
  await withPrograms(async (start) => {
    const server = start<typeof shutdownServerAnswers>('server')
    await server.ask('open', { way: 'tcp' })
    const first = await server.ask('glance', undefined)
    await server.ask('cycle', { way, count: warmCycles })
    const before = await server.ask('report', undefined)
    await server.ask('cycle', { way, count: cycles - warmCycles })
    const after = await server.ask('report', undefined)
    const grown = (after.heapUsed - before.heapUsed) / mebibyte
    figure('R-26', `${way}, ${cycles} servers on one port: heap + ${grown.toFixed(2)} MiB`)
    for (const { sockets, entities, handles } of [before, after])
      assert.equal([sockets, entities, handles], [first.sockets, first.entities, first.handles])
    assert.is(after.processWarnings, 0)
    assert.ok(grown <= 1, `heap + ${grown} MiB`)
  })
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000 * patience
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`still not so: ${String(condition)}`)
    await delay(10)
  }
}

if (!play({ server: shutdownServerAnswers, crowd: crowdAnswers }))
  spec(
    'servers that are destroyed',
    (it) => {
      for (const way of ['tcp', 'ws'] as const)
        it(`${way}: ${clients} clients are closed, another server takes the port, and the process ends`, () =>
          destroy(way))
      for (const way of ['tcp', 'ws', 'udp'] as const)
        it(`${way}: ${cycles} times on one port, and nothing is left`, () => restart(way))
    },
    120_000,
  )
