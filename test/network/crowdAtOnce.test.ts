import { createServer, NetworkSystem, Socket } from 'bitecs-networking'
import { existsSync, readFileSync } from 'node:fs'
import { nextTick } from 'node:process'
import * as assert from 'uvu/assert'
import { handshakesMax } from '../../src/transport/node/handshakesMax.ts'
import { answer } from '../lib/gameMaker.ts'
import { HandTransport, hexBytes } from '../lib/HandTransport.ts'
import { memorySpec, netSpec } from '../lib/netSpec.ts'
import { clientsOf } from '../lib/sockets.ts'
import { turns, until } from '../lib/until.ts'

memorySpec('a crowd that connects at once', (it) => {
  it('thousands have time for their handshakes, and only one more costs the oldest its own', async (net) => {
    const transport = new HandTransport()
    const world = net.world({ eventsPerTickMax: 10_000 })
    const server = createServer(world, transport, 0)
    const crowd = Array.from({ length: handshakesMax() }, (_, index) =>
      transport.accept(`10.0.${index >> 8}.${index & 255}`),
    )
    assert.ok(crowd.every(({ connection }) => connection.ended === ''))
    transport.accept('10.1.0.0')
    assert.equal(
      crowd.filter(({ connection }) => connection.ended !== ''),
      [crowd[0]],
    )
    for (const { events } of crowd.slice(1)) events.received(hexBytes(answer))
    NetworkSystem(world)
    assert.is(clientsOf(world, server).length, handshakesMax() - 1)
    assert.is(Socket(world).failedHandshakes[server], 1)
    await turns()
    assert.equal(net.warnings, [])
  })
})

const queues = '/proc/net/tcp6'
const longest = '/proc/sys/net/core/somaxconn'

/** How many connections the system keeps for a listening socket until they are accepted. */
function waitingFor(port: number): number {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const line = readFileSync(queues, 'utf8')
    .split('\n')
    .find((entry) => entry.includes(`${end} `) && entry.includes(' 0A '))
  return Number.parseInt(line!.split(':').at(4)!, 16)
}

// Only Linux shows them.
if (existsSync(queues) && existsSync(longest))
  netSpec('connections that come while the program is busy', (it) => {
    it('1,000 wait for it', async (net) => {
      const { port } = net.server()
      const crowd = net.peers(port, 1_000)
      // They have begun, and nothing has been accepted before the event loop turns.
      const waiting = await new Promise<number>((show) => {
        nextTick(() => show(waitingFor(port)))
      })
      const most = Number(readFileSync(longest, 'utf8')) + 1
      assert.is(waiting, Math.min(1_000, most))
      const peers = await crowd
      await until(() => peers.every(({ size }) => size === 18))
    })
  })
