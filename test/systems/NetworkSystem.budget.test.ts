import { destroySocket, flushNetwork, NetworkSystem, Socket } from 'bitecs-networking'
import { hasComponent, query } from 'bitecs'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { type Link } from '../lib/TestNet.ts'
import { logOf, onEach, textOf } from '../lib/recordEvents.ts'
import { say } from '../lib/say.ts'

/** Sends numbered texts in one write. */
function flood({ guest, client }: Link, name: string, count: number, from = 0): void {
  for (let index = from; index < from + count; index++) say(guest, client, `${name}${index}`)
  flushNetwork(guest)
}

function numbered(name: string, from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}${from + index}`)
}

memorySpec('NetworkSystem :: budget', (it) => {
  it('takes exactly eventsPerSocketMax of a socket, in order, cut anywhere in a write', (net) => {
    const [a] = net.links(1, { eventsPerSocketMax: 7 })
    const seen: string[] = []
    onEach(a!.host, (load) => seen.push(textOf(load)))
    flood(a!, 'x', 20)
    flood(a!, 'x', 10, 20)
    for (const total of [7, 14, 21, 28, 30, 30]) {
      NetworkSystem(a!.host)
      assert.equal(seen, numbered('x', 0, total))
    }
  })

  it('takes exactly eventsPerTickMax of all sockets together', (net) => {
    const [a, b] = net.links(2, { eventsPerTickMax: 10 })
    let count = 0
    onEach(a!.host, () => count++)
    flood(a!, 'a', 25)
    flood(b!, 'b', 25)
    for (const total of [10, 20, 30, 40, 50, 50]) {
      NetworkSystem(a!.host)
      assert.is(count, total)
    }
  })

  it('takes exactly endsPerTickMax ends of connections, each behind the words of its own, and all else', (net) => {
    const links = net.links(10, { endsPerTickMax: 3 })
    const { host } = links[0]!
    const log = logOf(host)
    for (const [index, link] of links.entries()) {
      say(link.guest, link.client, `last${index}`)
      flushNetwork(link.guest)
      if (index < 8) destroySocket(link.guest, link.client)
    }
    for (const [tick, ends] of [3, 6, 8, 8].entries()) {
      NetworkSystem(host)
      assert.is(log.filter((line) => line.startsWith('data')).length, 10)
      assert.is(log.filter((line) => line.startsWith('disconnect')).length, ends, `${tick}`)
    }
    for (const { accepted } of links.slice(0, 8)) {
      const own = log.filter((line) => line.split(' ').includes(String(accepted)))
      assert.match(own.at(-2)!, /^data/)
      assert.match(own.at(-1)!, /^disconnect/)
    }
  })

  it('takes what others say although more ends wait than a tick takes', (net) => {
    const links = net.links(12, { eventsPerTickMax: 10, endsPerTickMax: 2 })
    const { host } = links[0]!
    const log = logOf(host)
    for (const { guest, client } of links.slice(1)) destroySocket(guest, client)
    flood(links[0]!, 'a', 5)
    NetworkSystem(host)
    assert.is(log.filter((line) => line.startsWith('data')).length, 5)
    assert.is(log.filter((line) => line.startsWith('disconnect')).length, 2)
  })

  it('takes no data for ends: who says much in many writes leaves others their share', (net) => {
    const [a, b] = net.links(2, { eventsPerTickMax: 10, endsPerTickMax: 1 })
    const log = logOf(a!.host)
    for (let index = 0; index < 20; index++) flood(a!, 'a', 1, index)
    flood(b!, 'b', 1)
    NetworkSystem(a!.host)
    assert.equal(log, [
      ...numbered('a', 0, 5).map((text) => `data ${a!.accepted} ${text}`),
      `data ${b!.accepted} b0`,
    ])
  })

  it('takes all that waits if it is exactly eventsPerTickMax, however it is spread', (net) => {
    const [a, b] = net.links(2, { eventsPerTickMax: 10 })
    let count = 0
    onEach(a!.host, () => count++)
    flood(a!, 'a', 9)
    flood(b!, 'b', 1)
    NetworkSystem(a!.host)
    assert.is(count, 10)
  })

  it('gives each of many sockets its share when one of them floods, and later than the flood', (net) => {
    const links = net.links(10, { eventsPerTickMax: 100, eventsPerSocketMax: 1_000 })
    const { host } = links[0]!
    const log = logOf(host)
    flood(links[0]!, 'flood', 900)
    for (const [index, link] of links.entries()) if (index > 0) flood(link, 'quiet', 3)
    NetworkSystem(host)
    for (const { accepted } of links.slice(1))
      assert.equal(
        log.filter((line) => line.startsWith(`data ${accepted} `)),
        [0, 1, 2].map((index) => `data ${accepted} quiet${index}`),
      )
    const ofFlood = log.filter((line) => line.includes('flood'))
    assert.is(ofFlood.length, 10)
    for (let tick = 0; tick < 20; tick++) NetworkSystem(host)
    assert.equal(
      log.filter((line) => line.includes('flood')),
      numbered('flood', 0, 900).map((text) => `data ${links[0]!.accepted} ${text}`),
    )
  })

  it('lets nothing of a socket overtake: data, then its end, over as many ticks as needed', (net) => {
    const [a, b] = net.links(2, { eventsPerSocketMax: 2 })
    const { host, accepted } = a!
    const log = logOf(host)
    flood(a!, 'a', 5)
    destroySocket(a!.guest, a!.client)
    flood(b!, 'b', 1)
    NetworkSystem(host)
    NetworkSystem(host)
    assert.ok(hasComponent(host, accepted, Socket))
    NetworkSystem(host)
    assert.equal(
      log.filter((line) => line.split(' ')[1] === String(accepted)),
      [...numbered('a', 0, 5).map((text) => `data ${accepted} ${text}`), `disconnect ${accepted}`],
    )
    assert.not.ok(hasComponent(host, accepted, Socket))
  })

  it('takes connect events within the budget too, before the data of their sockets', (net) => {
    const host = net.world({ eventsPerTickMax: 3 })
    const server = net.serverIn(host)
    const log = logOf(host)
    for (let index = 0; index < 5; index++) {
      const guest = net.world()
      const client = net.clientIn(guest, host, server)
      say(guest, client, `hello`)
      flushNetwork(guest)
    }
    let ticks = 0
    for (let before = -1; before !== log.length; ticks++) {
      before = log.length
      NetworkSystem(host)
      assert.ok(log.length - before <= 3)
    }
    assert.is(log.length, 10)
    assert.ok(ticks <= 6)
    for (const socket of [...query(host, [Socket])].filter((it) => it !== server))
      assert.equal(
        log.filter((line) => line.split(' ')[1] === String(socket)),
        [`connect ${socket}`, `data ${socket} hello`],
      )
  })

  it('of one event a tick still comes to an end and starves nobody for ever', (net) => {
    const links = net.links(4, { eventsPerTickMax: 1 })
    const { host } = links[0]!
    const seen: string[] = []
    onEach(host, (load) => seen.push(textOf(load)))
    links.forEach((link, index) => flood(link, `${index}-`, 3))
    for (let tick = 1; tick <= 12; tick++) {
      NetworkSystem(host)
      assert.is(seen.length, tick)
    }
    for (const [index] of links.entries())
      assert.equal(
        seen.filter((text) => text.startsWith(`${index}-`)),
        numbered(`${index}-`, 0, 3),
      )
  })

  it('of Infinity takes everything; the default takes 256 of a socket and 4,096 of all', (net) => {
    const [free] = net.links(1, { eventsPerTickMax: Infinity, eventsPerSocketMax: Infinity })
    let count = 0
    onEach(free!.host, () => count++)
    flood(free!, 'x', 10_000)
    NetworkSystem(free!.host)
    assert.is(count, 10_000)

    const links = net.links(20)
    let byDefault = 0
    onEach(links[0]!.host, () => byDefault++)
    flood(links[0]!, 'x', 600)
    const counts = [0, 1, 2].map(() => {
      NetworkSystem(links[0]!.host)
      return byDefault
    })
    assert.equal(counts, [256, 512, 600])
    for (const link of links) flood(link, 'y', 300)
    NetworkSystem(links[0]!.host)
    assert.is(byDefault - 600, 204 * 20)
  })

  it('counts in packetsIn what was taken, not what waits', (net) => {
    const [a] = net.links(1, { eventsPerSocketMax: 4 })
    flood(a!, 'x', 10)
    const counts = [0, 1, 2, 3].map(() => {
      NetworkSystem(a!.host)
      return Socket(a!.host).packetsIn[a!.accepted]
    })
    assert.equal(counts, [4, 8, 10, 10])
  })

  it('is not touched by what waits for sockets that are destroyed', (net) => {
    const [a, b] = net.links(2, { eventsPerTickMax: 10 })
    const { host } = a!
    const log = logOf(host)
    flood(a!, 'a', 100)
    flood(b!, 'b', 100)
    NetworkSystem(host)
    destroySocket(host, a!.accepted)
    log.length = 0
    for (let tick = 0; tick < 12; tick++) NetworkSystem(host)
    assert.equal(
      log,
      numbered('b', 5, 95).map((text) => `data ${b!.accepted} ${text}`),
    )
  })
})
