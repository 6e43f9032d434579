import {
  BufferKind,
  BufferType,
  createBuffer,
  createMemoryDatagrams,
  createServer,
  createSocket,
  destroySocket,
  flushNetwork,
  NetworkError,
  NetworkSystem,
  sendPacket,
  sendRaw,
  sendUdp,
  setNetworkConfig,
  Socket,
  writeBuffer,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { type Link, type TestNet } from '../lib/TestNet.ts'
import { logOf, onEach, textOf } from '../lib/recordEvents.ts'
import { say } from '../lib/say.ts'
import { portOf } from '../lib/sockets.ts'
import { createMemoryNet, withMemory } from '../lib/withNet.ts'
import { createSpyTransport, type SpyTransport } from './SpyTransport.ts'

/** The texts of the packets of each write since the last call. */
function writesOf({ writes }: SpyTransport): string[][] {
  return writes.splice(0).map(({ hex }) => {
    const texts: string[] = []
    const bytes = Buffer.from(hex, 'hex')
    for (let at = 0; at < bytes.length;) {
      const size = bytes.readUInt32LE(at + 8)
      texts.push(bytes.toString('utf8', at + 12, at + 12 + size))
      at += 12 + size
    }
    return texts
  })
}

function withSpy(
  run: (net: TestNet, spy: SpyTransport, links: Link[]) => Promise<void> | void,
): () => Promise<void> {
  const spy = createSpyTransport()
  return withMemory(async (net) => {
    const links = net.links(2)
    spy.writes.length = 0
    await run(net, spy, links)
  }, spy)
}

spec('NetworkSystem :: sends', (it) => {
  it(
    'of handlers have left when it returns, in one write per socket',
    withSpy((_net, spy, [a, b]) => {
      const { host } = a!
      onEach(host, (load) => {
        say(host, load.id, `${textOf(load)}!`)
        say(host, load.id, `${textOf(load)}?`)
        assert.equal(writesOf(spy), [], 'not before the tick is over')
      })
      say(a!.guest, a!.client, 'a1')
      say(a!.guest, a!.client, 'a2')
      say(b!.guest, b!.client, 'b1')
      flushNetwork(a!.guest)
      flushNetwork(b!.guest)
      assert.equal(writesOf(spy), [['a1', 'a2'], ['b1']])
      NetworkSystem(host)
      assert.equal(writesOf(spy), [
        ['a1!', 'a1?', 'a2!', 'a2?'],
        ['b1!', 'b1?'],
      ])
    }),
  )

  it(
    'of handlers that throw afterwards leave too',
    withSpy((_net, spy, [a]) => {
      const { host } = a!
      onEach(host, (load) => {
        say(host, load.id, 'reply')
        throw new Error('x')
      })
      say(a!.guest, a!.client, 'a1')
      flushNetwork(a!.guest)
      spy.writes.length = 0
      assert.throws(() => NetworkSystem(host))
      assert.equal(writesOf(spy), [['reply']])
    }),
  )

  it(
    'of code before the tick leave with those of the handlers',
    withSpy((_net, spy, [a]) => {
      const { host } = a!
      onEach(host, (load) => say(host, load.id, 'handler'))
      say(a!.guest, a!.client, 'a1')
      flushNetwork(a!.guest)
      spy.writes.length = 0
      say(host, a!.accepted, 'before')
      NetworkSystem(host)
      assert.equal(writesOf(spy), [['before', 'handler']])
    }),
  )

  it(
    'of later code leave in one write when the synchronous code ends',
    withSpy(async (_net, spy, [a, b]) => {
      const { host } = a!
      NetworkSystem(host)
      say(host, a!.accepted, '1')
      say(host, b!.accepted, '2')
      say(host, a!.accepted, '3')
      assert.equal(writesOf(spy), [])
      await Promise.resolve()
      assert.equal(writesOf(spy), [['1', '3'], ['2']])
      await Promise.resolve()
      assert.equal(writesOf(spy), [])
      say(host, a!.accepted, '4')
      await Promise.resolve()
      assert.equal(writesOf(spy), [['4']])
    }),
  )

  it(
    'leave at once by flushNetwork, and only once',
    withSpy(async (_net, spy, [a, b]) => {
      const { host } = a!
      say(host, a!.accepted, '1')
      say(host, b!.accepted, '2')
      flushNetwork(host)
      assert.equal(writesOf(spy), [['1'], ['2']])
      flushNetwork(host)
      assert.equal(writesOf(spy), [])
      say(host, a!.accepted, '3')
      NetworkSystem(host)
      assert.equal(writesOf(spy), [['3']])
      await Promise.resolve()
      assert.equal(writesOf(spy), [])
    }),
  )

  it(
    'leave when their socket is destroyed, but not to sockets of other worlds with the same entity id',
    withSpy(async (net, spy, [a]) => {
      const { host, accepted } = a!
      const log = logOf(a!.guest)
      say(host, accepted, 'bye')
      destroySocket(host, accepted)
      assert.equal(writesOf(spy), [['bye']])
      const again = net.link(host, a!.server)
      assert.is(again.accepted, accepted, 'the id is used again')
      spy.writes.length = 0
      await Promise.resolve()
      assert.equal(writesOf(spy), [])
      NetworkSystem(a!.guest)
      assert.equal(log, [`data ${a!.client} bye`])
    }),
  )

  it(
    'copy the bytes: the buffer may change at once',
    withSpy(async (_net, spy, [a]) => {
      const { host, accepted } = a!
      const bytes = Buffer.from('first')
      sendPacket(host, accepted, bytes)
      bytes.write('other')
      sendPacket(host, accepted, bytes)
      bytes.fill(0)
      await Promise.resolve()
      assert.equal(writesOf(spy), [['first', 'other']])
    }),
  )

  it(
    'of many sizes arrive as they were, small and large in one tick',
    withSpy((_net, _spy, [a]) => {
      const { host, guest, client } = a!
      const sizes = [0, 1, 47, 48, 49, 4_083, 4_084, 4_085, 65_535, 65_536, 300_000, 0, 3]
      const seen: number[] = []
      onEach(host, (load) => {
        const text = textOf(load)
        seen.push(text.length)
        assert.is(text, 'x'.repeat(text.length))
      })
      for (const size of sizes) say(guest, client, 'x'.repeat(size))
      flushNetwork(guest)
      NetworkSystem(host)
      assert.equal(seen, sizes)
    }),
  )

  it(
    'answer what became of them',
    withSpy((_net, _spy, [a]) => {
      const { host, server, guest, client } = a!
      const buffer = createBuffer(8, BufferKind.grow)
      writeBuffer(buffer, BufferType.u32, 7)
      assert.is(sendPacket(host, a!.accepted, buffer), 16)
      assert.is(sendPacket(host, a!.accepted, buffer, 2), 14)
      assert.is(sendPacket(host, a!.accepted, buffer, 9), NetworkError.tooLarge)
      assert.is(sendRaw(guest, client, Buffer.from('')), 0)
      assert.is(sendPacket(host, server, buffer), NetworkError.wrongRole)
      assert.is(sendPacket(host, 12_345, buffer), NetworkError.unknownSocket)
      NetworkSystem(host)
      assert.is(Socket(host).packetsOut[a!.accepted], 2)
    }),
  )

  it('of reliable UDP leave with the others, in a loop that never waits', () => {
    let left = 0
    const transport = createMemoryDatagrams({
      deliver(_datagram, send) {
        left++
        send()
      },
    })
    const net = createMemoryNet()
    const [host, guest] = [net.world(), net.world()]
    const server = createServer(host, transport, 0)
    const socket = createSocket(guest, transport)
    setNetworkConfig(host, server, { reliable: true })
    setNetworkConfig(guest, socket, { reliable: true })
    onEach(host, (load) => {
      sendUdp(host, server, load.ip, load.port, 'back')
      left = 0
    })
    sendUdp(guest, socket, '127.0.0.1', portOf(host, server), 'one')
    sendUdp(guest, socket, '127.0.0.1', portOf(host, server), 'two')
    assert.is(left, 0)
    flushNetwork(guest)
    assert.is(left, 2)
    const heard = logOf(guest)
    NetworkSystem(host)
    // Two answers, and that both have come.
    assert.is(left, 3)
    NetworkSystem(guest)
    assert.is(heard.length, 2)
    net.close()
  })
})
