import { createServer, NetworkSystem, SocketType } from 'bitecs-networking'
import { once } from 'node:events'
import { connect } from 'node:net'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { recordEvents } from '../lib/recordEvents.ts'
import { portOf } from '../lib/sockets.ts'
import { turns } from '../lib/until.ts'

const upgrade =
  'GET / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'

const servers = [
  ['TCP', SocketType.tcp, ''],
  ['WebSocket', SocketType.ws, upgrade],
] as const

netSpec('a connection that is reset as soon as it is made', (it) => {
  for (const [name, type, request] of servers)
    it(`${name} :: has the address of its peer in its events, or none`, async (net) => {
      const host = net.world()
      const server = createServer(host, type, 0, { raw: true })
      const events = recordEvents(host)
      const port = portOf(host, server)
      for (let count = 0; count < 100; count++) {
        const peers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1'))
        await Promise.all(
          peers.map(async (peer) => {
            await once(peer, 'connect')
            if (request === '') peer.resetAndDestroy()
            else peer.write(request, () => peer.resetAndDestroy())
            await once(peer, 'close')
          }),
        )
        await turns(1)
        NetworkSystem(host)
      }
      await turns(5)
      NetworkSystem(host)
      assert.equal(
        events.filter(({ ip, port: peerPort }) => ip === '' || peerPort === 0),
        [],
      )
      const ends = events.filter(({ succeeded }) => succeeded === 0)
      assert.is(ends.length * 2, events.length, 'each that has begun has ended')
    })
})
