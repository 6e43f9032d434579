import { hasComponent, query } from 'bitecs'
import {
  type AsyncLoad,
  bufferExists,
  BufferKind,
  BufferType,
  copyBuffer,
  createBuffer,
  type DataLoad,
  deleteBuffer,
  destroySocket,
  flushNetwork,
  FreedError,
  getBufferBytes,
  getBufferSize,
  getBufferUsedSize,
  type NetworkBuffer,
  NetworkEvent,
  NetworkSystem,
  NetworkType,
  peekBuffer,
  pokeBuffer,
  readBuffer,
  resizeBuffer,
  seekBuffer,
  SeekBase,
  sendPacket,
  tellBuffer,
  writeBuffer,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { type Link } from '../lib/TestNet.ts'
import { onEach, textOf } from '../lib/recordEvents.ts'
import { say } from '../lib/say.ts'
import { thrownBy } from '../lib/throws.ts'

function arrive({ guest, client }: Link, ...texts: string[]): void {
  for (const text of texts) say(guest, client, text)
  flushNetwork(guest)
}

/** Every key that an event of any type can have. */
const allKeys = [
  'type',
  'id',
  'ip',
  'port',
  'socket',
  'succeeded',
  'buffer',
  'size',
  'server',
] as const

const dataKeys = ['type', 'id', 'ip', 'port', 'buffer', 'size', 'server']
const socketKeys = ['type', 'id', 'ip', 'port', 'socket', 'succeeded']

/** Checks that a kept event shows nothing any more. */
function assertEnded(load: AsyncLoad, keys: readonly string[]): void {
  const record = load as unknown as Record<string, unknown>
  for (const key of keys) {
    assert.instance(
      thrownBy(() => record[key]),
      FreedError,
      `.${key}`,
    )
    assert.instance(
      thrownBy(() => load.get(key)),
      FreedError,
      `get(${key})`,
    )
  }
  for (const key of allKeys) assert.is(load.has(key), false, `has(${key})`)
  assert.equal(load.keys(), [])
  assert.is(load.keyCount, 0)
  assert.equal(load.toJSON(), {})
  assert.is(JSON.stringify(load), '{}')
}

/** Checks that a freed buffer refuses every use. */
function assertFreed(buffer: NetworkBuffer, link: Link): void {
  const other = createBuffer(4, BufferKind.grow)
  const uses: [string, () => unknown][] = [
    ['readBuffer', () => readBuffer(buffer, BufferType.u8)],
    ['readBuffer string', () => readBuffer(buffer, BufferType.string)],
    ['writeBuffer', () => writeBuffer(buffer, BufferType.u8, 1)],
    ['peekBuffer', () => peekBuffer(buffer, 0, BufferType.u8)],
    ['pokeBuffer', () => pokeBuffer(buffer, 0, BufferType.u8, 1)],
    ['seekBuffer', () => seekBuffer(buffer, SeekBase.start, 0)],
    ['tellBuffer', () => tellBuffer(buffer)],
    ['getBufferBytes', () => getBufferBytes(buffer)],
    ['getBufferSize', () => getBufferSize(buffer)],
    ['getBufferUsedSize', () => getBufferUsedSize(buffer)],
    ['resizeBuffer', () => resizeBuffer(buffer, 8)],
    ['copyBuffer', () => copyBuffer(buffer, 0, 1, other, 0)],
    ['copyBuffer to', () => copyBuffer(other, 0, 1, buffer, 0)],
    ['sendPacket', () => sendPacket(link.guest, link.client, buffer)],
  ]
  for (const [name, use] of uses) assert.instance(thrownBy(use), FreedError, name)
  assert.is(bufferExists(buffer), false)
}

memorySpec('NetworkSystem :: NetworkEvent', (it) => {
  it('is there inside handlers and gone afterwards', (net) => {
    const [a, b] = net.links(2)
    const { host } = a!
    let inside: number[] = []
    let own = false
    onEach(host, (load) => {
      inside = [...query(host, [NetworkEvent])]
      own = hasComponent(host, load.id, NetworkEvent)
    })
    arrive(a!, 'a1')
    assert.is(query(host, [NetworkEvent]).length, 0)
    NetworkSystem(host)
    assert.equal(inside, [a!.accepted])
    assert.ok(own)
    assert.is(query(host, [NetworkEvent]).length, 0)
    assert.is(NetworkEvent(host).events[a!.accepted], undefined)
    arrive(b!, 'b1')
    NetworkSystem(host)
    assert.equal(inside, [b!.accepted])
  })

  it('shows inside a handler the events that are still to come, which its handlers then get', (net) => {
    const [a] = net.links(1)
    const { host, accepted } = a!
    const seen: string[][] = []
    const kept: AsyncLoad[] = []
    onEach(host, (load) => {
      const rest = [...(NetworkEvent(host).events[accepted] ?? [])]
      if (kept.length > 0) assert.is(kept.shift(), load)
      else kept.push(...rest)
      seen.push([load.type === NetworkType.data ? textOf(load) : 'gone', ...rest.map(nameOf)])
    })
    arrive(a!, '1', '2', '3')
    destroySocket(a!.guest, a!.client)
    NetworkSystem(host)
    assert.equal(seen, [['1', '2', '3', 'gone'], ['2', '3', 'gone'], ['3', 'gone'], ['gone']])
  })

  it('does not show a disconnect event to its own handlers, looked at before or not', (net) => {
    const [a] = net.links(1)
    const { host, accepted } = a!
    let count = -1
    onEach(host, (load) => {
      if (load.type === NetworkType.disconnect)
        count = [...(NetworkEvent(host).events[accepted] ?? [])].length
    })
    destroySocket(a!.guest, a!.client)
    NetworkSystem(host)
    assert.is(count, 0)
  })
})

function nameOf(load: AsyncLoad): string {
  return load.type === NetworkType.data ? textOf(load) : 'gone'
}

memorySpec('NetworkSystem :: what a handler keeps', (it) => {
  it('100 messages of one tick are 100 distinct right buffers, all freed after their events (GM bug 2175)', (net) => {
    const [a] = net.links(1)
    const { host } = a!
    const buffers: NetworkBuffer[] = []
    const loads: AsyncLoad[] = []
    onEach(host, (load) => {
      if (load.type !== NetworkType.data) return
      const { buffer } = load
      assert.not.ok(buffers.includes(buffer))
      for (const before of buffers) assert.not.ok(bufferExists(before))
      assert.ok(bufferExists(buffer))
      assert.is(getBufferSize(buffer), load.size)
      assert.is(textOf(load), `message ${buffers.length}`)
      buffers.push(buffer)
      loads.push(load)
    })
    arrive(a!, ...Array.from({ length: 100 }, (_, index) => `message ${index}`))
    NetworkSystem(host)
    assert.is(new Set(buffers).size, 100)
    assert.is(new Set(loads).size, 100)
    for (const buffer of buffers) assertFreed(buffer, a!)
    for (const load of loads) assertEnded(load, dataKeys)
  })

  it('is ended for every type of event', (net) => {
    const host = net.world()
    const server = net.serverIn(host)
    const guest = net.world({ nonBlocking: true, clientDisconnectEvents: true })
    const kept: AsyncLoad[] = []
    const types: number[] = []
    for (const world of [host, guest])
      onEach(world, (load) => {
        kept.push(load)
        types.push(load.type)
        assert.equal(load.keys().length, load.keyCount)
        for (const key of load.keys()) {
          assert.ok(load.has(key))
          assert.is(load.get(key), (load as unknown as Record<string, unknown>)[key])
        }
      })
    const link = net.link(host, server, guest)
    say(guest, link.client, 'x')
    say(host, link.accepted, 'y')
    flushNetwork(guest)
    flushNetwork(host)
    NetworkSystem(host)
    NetworkSystem(guest)
    destroySocket(guest, link.client)
    NetworkSystem(host)
    const second = net.link(host, server, guest)
    destroySocket(host, second.accepted)
    NetworkSystem(guest)
    assert.equal(types, [4, 1, 3, 3, 2, 4, 1, 2])
    kept.forEach((load, index) =>
      assertEnded(load, types[index] === NetworkType.data ? dataKeys : socketKeys),
    )
  })

  it('is ended although the handler threw, and although its socket was destroyed', (net) => {
    const [a] = net.links(1)
    const { host } = a!
    const kept: DataLoad[] = []
    const buffers: NetworkBuffer[] = []
    onEach(host, (load) => {
      if (load.type !== NetworkType.data) return
      kept.push(load)
      buffers.push(load.buffer)
      if (textOf(load) === '1') throw new Error('x')
      destroySocket(host, load.id)
      assert.is(textOf(load), '2', 'still there until the handler returns')
    })
    arrive(a!, '1', '2', '3')
    assert.throws(() => NetworkSystem(host))
    assert.is(kept.length, 2)
    for (const load of kept) assertEnded(load, dataKeys)
    for (const buffer of buffers) assertFreed(buffer, net.links(1)[0]!)
  })

  it('never shows another event, whatever comes later', (net) => {
    const [a] = net.links(1)
    const { host } = a!
    let kept: DataLoad | undefined
    let bytes: Uint8Array | undefined
    onEach(host, (load) => {
      if (load.type !== NetworkType.data || kept !== undefined) return
      kept = load
      bytes = getBufferBytes(load.buffer).slice()
    })
    for (let tick = 0; tick < 100; tick++) {
      arrive(a!, `message ${tick}`)
      NetworkSystem(host)
      assertEnded(kept!, dataKeys)
    }
    assert.is(Buffer.from(bytes!).toString(), 'message 0')
  })

  it('is the same for all subscribers of an event, each of whom reads from the start', (net) => {
    const [a] = net.links(1)
    const { host } = a!
    const loads: AsyncLoad[] = []
    const bytes: unknown[] = []
    for (let index = 0; index < 3; index++)
      onEach(host, (load) => {
        loads.push(load)
        if (load.type === NetworkType.data) bytes.push(readBuffer(load.buffer, BufferType.u8))
      })
    arrive(a!, 'abc')
    NetworkSystem(host)
    assert.is(new Set(loads).size, 1)
    assert.equal(bytes, [97, 97, 97])
  })

  it('may be deleted inside the event (gamemaker.md 3.1, 5)', (net) => {
    const [a] = net.links(1)
    const { host } = a!
    let count = 0
    onEach(host, (load) => {
      count++
      if (load.type === NetworkType.data) deleteBuffer(load.buffer)
    })
    arrive(a!, '1', '2')
    NetworkSystem(host)
    assert.is(count, 2)
  })

  it('shows no key to a loop over its properties, as an object of a class', (net) => {
    const [a] = net.links(1)
    const seen: string[] = []
    onEach(a!.host, (load) => {
      for (const key in load) seen.push(key)
    })
    arrive(a!, 'one')
    NetworkSystem(a!.host)
    assert.equal(seen, [])
  })

  it('may be written beyond its end: it grows, and no other message changes', (net) => {
    const [a] = net.links(1)
    const { host } = a!
    const seen: string[] = []
    onEach(host, (load) => {
      if (load.type !== NetworkType.data) return
      seen.push(textOf(load))
      seekBuffer(load.buffer, SeekBase.start, 0)
      for (let index = 0; index < 100; index++) writeBuffer(load.buffer, BufferType.u8, 0xff)
      assert.ok(getBufferSize(load.buffer) >= 100)
    })
    arrive(a!, 'one', 'two', 'three')
    NetworkSystem(host)
    assert.equal(seen, ['one', 'two', 'three'])
  })
})
