// A layer above the engine takes its own kind of packets.

import { hasComponent, query } from 'bitecs'
import {
  type AsyncLoad,
  BadMessageError,
  flushNetwork,
  FreedError,
  NetworkEvent,
  NetworkReceiveSystem,
  NetworkSystem,
  sendPacket,
  sendRaw,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { observeTraffic } from 'bitecs-networking/traffic'
import * as assert from 'uvu/assert'
import { createClaim } from '../../src/event/Claim.ts'
import { networkOf } from '../../src/network/networkOf.ts'
import { memorySpec, netSpec } from '../lib/netSpec.ts'
import { lineOf, logOf, onEach, textOf } from '../lib/recordEvents.ts'
import { say } from '../lib/say.ts'
import { type Link, type TestNet } from '../lib/TestNet.ts'
import { thrownBy } from '../lib/throws.ts'
import { until } from '../lib/until.ts'

const tag = Buffer.from('tag!').readUInt32LE()

/** A layer claims `tag!…` of the sockets of a server, or of one socket. Returns what it has got, and its receiver. */
function claim({ host, server }: Pick<Link, 'host' | 'server'>, log: string[] = []) {
  const receiver = {
    isActive: true,
    run: (load: AsyncLoad): void => void log.push(`claimed ${textOf(load)}`),
  }
  const socket = networkOf('test', host).sockets.get(server)!
  socket.claim = createClaim(tag, -1, receiver)
  return { log, receiver, socket }
}

function arrive({ guest, client }: Pick<Link, 'guest' | 'client'>, ...texts: string[]): void {
  for (const text of texts) say(guest, client, text)
  flushNetwork(guest)
}

const linked = (net: TestNet): Link => net.links(1)[0]!

memorySpec('a claim', (it) => {
  it('takes what has its tag, in its place among the events, and nothing else', (net) => {
    const link = linked(net)
    const log = logOf(link.host)
    claim(link, log)
    arrive(link, 'tag!1', 'a', 'b', 'tag!2', 'tag!3', 'c', 'tag', '', 'tag!')
    NetworkSystem(link.host)
    const { accepted } = link
    assert.equal(log, [
      'claimed tag!1',
      `data ${accepted} a`,
      `data ${accepted} b`,
      'claimed tag!2',
      'claimed tag!3',
      `data ${accepted} c`,
      `data ${accepted} tag`,
      `data ${accepted} `,
      'claimed tag!',
    ])
  })

  it('keeps its packets out of NetworkEvent, but not out of the counters', (net) => {
    const link = linked(net)
    const { host, accepted } = link
    const { log } = claim(link)
    arrive(link, 'tag!1')
    NetworkReceiveSystem(host)
    assert.not.ok(hasComponent(host, accepted, NetworkEvent))
    NetworkSystem(host)
    arrive(link, 'tag!2', 'own', 'tag!3')
    NetworkReceiveSystem(host)
    assert.equal([...query(host, [NetworkEvent])], [accepted])
    const shown = [...(NetworkEvent(host).events[accepted] ?? [])].map(lineOf)
    assert.equal(shown, [`data ${accepted} own`])
    NetworkSystem(host)
    assert.not.ok(hasComponent(host, accepted, NetworkEvent))
    assert.equal(log, ['claimed tag!1', 'claimed tag!2', 'claimed tag!3'])
    assert.is(Socket(host).packetsIn[accepted], 4)
  })

  it('is of one server: another one of the world has these packets as events', (net) => {
    const link = linked(net)
    const { host } = link
    const other = net.link(host, net.serverIn(host))
    claim(link)
    const log = logOf(host)
    arrive(other, 'tag!')
    arrive(link, 'tag!')
    NetworkSystem(host)
    assert.equal(log, [`data ${other.accepted} tag!`])
  })

  it('of a client socket ends with its connection', (net) => {
    const link = linked(net)
    const { host, guest, accepted, client } = link
    const { log } = claim({ host: guest, server: client })
    say(host, accepted, 'tag!')
    flushNetwork(host)
    NetworkSystem(guest)
    assert.equal(log, ['claimed tag!'])
    assert.ok(networkOf('test', guest).sockets.get(client)!.claim !== undefined)
  })

  it('drops its packets once it is not active', (net) => {
    const link = linked(net)
    const { log, receiver } = claim(link)
    const events = logOf(link.host)
    receiver.isActive = false
    arrive(link, 'tag!', 'own')
    NetworkSystem(link.host)
    assert.equal(log, [])
    assert.equal(events, [`data ${link.accepted} own`])
  })

  it('throws as a handler does: at the end of the tick, after all events', (net) => {
    const link = linked(net)
    const { host } = link
    const { receiver } = claim(link)
    const fault = new Error('of an observer')
    receiver.run = () => {
      throw fault
    }
    const events = logOf(host)
    arrive(link, 'tag!', 'own')
    assert.is(
      thrownBy(() => NetworkSystem(host)),
      fault,
    )
    assert.equal(events, [`data ${link.accepted} own`])
    receiver.run = () => {
      throw new BadMessageError('not readable')
    }
    arrive(link, 'tag!')
    NetworkSystem(host)
    assert.is(Socket(host).badMessages[link.accepted], 1)
  })

  it('gets nothing more of a socket that a handler destroys, and its events end', (net) => {
    const link = linked(net)
    const { host, accepted } = link
    const { log } = claim(link)
    onEach(host, () => networkOf('test', host).sockets.get(accepted)?.destroy())
    const kept: AsyncLoad[] = []
    observeTraffic(host, { received: (events) => void kept.push(...events) })
    arrive(link, 'tag!1', 'own', 'tag!2')
    NetworkSystem(host)
    assert.equal(log, ['claimed tag!1'])
    assert.is(kept.length, 3)
    for (const load of kept)
      assert.throws(
        () => load.id,
        (error: unknown) => error instanceof FreedError,
      )
  })

  it('is seen by observers of traffic, before it takes its packets', (net) => {
    const link = linked(net)
    const { log } = claim(link)
    const seen: string[] = []
    observeTraffic(link.host, {
      received: (events) => void seen.push(...[...events].map(textOf)),
    })
    arrive(link, 'tag!1', 'own', 'tag!2')
    NetworkSystem(link.host)
    assert.equal(seen, ['tag!1', 'own', 'tag!2'])
    assert.equal(log, ['claimed tag!1', 'claimed tag!2'])
  })
})

for (const [name, transport] of [
  ['TCP', SocketType.tcp],
  ['WebSocket', SocketType.ws],
] as const)
  netSpec(
    `a claim over ${name}`,
    (it) => {
      it('takes what has its tag, however it arrives', async (net) => {
        const host = net.server()
        const { server, world } = host
        const log: string[] = []
        onEach(world, (load) => void log.push(textOf(load)))
        claim({ host: world, server }, log)
        const guest = net.world()
        const client = net.clientIn(guest, world, server)
        await until(() => query(world, [Socket]).length === 2, [world, guest])
        log.length = 0
        const large = ['x', 'y'].map((letter) => letter.repeat(100_000))
        for (const text of ['tag!1', 'a', `tag!${large[0]}`, 'tag!2', large[1]!, 'tag!3'])
          assert.ok(sendPacket(guest, client, Buffer.from(text)) > 0)
        flushNetwork(guest)
        await until(() => log.length === 6, [world, guest])
        assert.equal(
          log.map((line) => line.slice(0, 13)),
          [
            'claimed tag!1',
            'a',
            'claimed tag!x',
            'claimed tag!2',
            'yyyyyyyyyyyyy',
            'claimed tag!3',
          ],
        )
      })
    },
    { transport },
  )

netSpec(
  'a claim over raw WebSockets',
  (it) => {
    it('takes binary messages, not texts', async (net) => {
      const { world, server } = net.server({ raw: true })
      const log: string[] = []
      onEach(world, (load) => void log.push(textOf(load)))
      claim({ host: world, server }, log)
      const guest = net.world()
      const client = net.clientIn(guest, world, server, { raw: true })
      await until(() => query(world, [Socket]).length === 2, [world, guest])
      log.length = 0
      sendRaw(guest, client, Buffer.from('tag!1'))
      sendRaw(guest, client, 'tag!text')
      sendRaw(guest, client, Buffer.from('tag'))
      sendRaw(guest, client, Buffer.from('tag!2'))
      flushNetwork(guest)
      await until(() => log.length === 4, [world, guest])
      assert.equal(log, ['claimed tag!1', 'tag!text', 'tag', 'claimed tag!2'])
    })
  },
  { transport: SocketType.ws },
)
