import {
  createServer,
  createSocket,
  createVirtualClock,
  NetworkError,
  resolveHost,
  sendUdp,
  setNetworkConfig,
  Socket,
  SocketType,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { netSpec } from '../lib/netSpec.ts'
import { until } from '../lib/until.ts'
import { withNames } from '../lib/withNames.ts'

const both = ['::1', '127.0.0.1']

netSpec('UDP to host names', (it) => {
  it('a name with addresses of both families is sent to by IPv4', (net) =>
    withNames(
      () => both,
      async () => {
        const peer = await net.datagrams()
        const world = net.world()
        const socket = createSocket(world, SocketType.udp)
        for (const reliable of [false, true]) {
          setNetworkConfig(world, socket, { reliable })
          assert.ok(sendUdp(world, socket, 'localhost', peer.port, Uint8Array.of(1)) > 0)
          await peer.take()
        }
      },
    ))

  it('a socket without IPv4 is sent from by IPv6', (net) =>
    withNames(
      () => ['127.0.0.1', '::1'],
      async () => {
        const peer = await net.datagrams('::1')
        const world = net.world()
        const socket = createServer(world, SocketType.udp, 0, { host: '::1' })
        for (const reliable of [false, true]) {
          setNetworkConfig(world, socket, { reliable })
          assert.ok(sendUdp(world, socket, 'localhost', peer.port, Uint8Array.of(1)) > 0)
          await peer.take()
        }
      },
    ))

  it('a name service that fails for a moment costs what was sent in it', async (net) => {
    let fails = true
    const answer = (): readonly string[] => {
      if (fails) throw Object.assign(new Error('EAI_AGAIN'), { code: 'EAI_AGAIN' })
      return both
    }
    await withNames(answer, async () => {
      const peer = await net.datagrams()
      const clock = createVirtualClock()
      const world = net.world({ clock })
      const socket = createSocket(world, SocketType.udp)
      const send = (): number => sendUdp(world, socket, 'lan.test', peer.port, Uint8Array.of(1))
      send()
      await until(() => Socket(world).undelivered[socket] === 1, [world])
      fails = false
      assert.is(send(), NetworkError.hostNotFound)
      clock.advance(1_000)
      assert.ok(send() > 0)
      await peer.take()
    })
  })

  it('resolveHost returns IPv4 if there is one', () =>
    withNames(
      () => both,
      async () => assert.is(await resolveHost('localhost'), '127.0.0.1'),
    ))

  it('resolveHost returns IPv6 if there is no other', () =>
    withNames(
      () => ['2001:db8::1'],
      async () => {
        assert.is(await resolveHost('six.test'), '2001:db8::1')
      },
    ))
})
