import { addEntity, type EntityId, type World } from 'bitecs'
import {
  createServer,
  createSocket,
  type DatagramEvents,
  type DatagramTransport,
  createMemoryDatagrams,
  DisconnectReason,
  NetworkError,
  NetworkSystem,
  NetworkType,
  onNetworking,
  sendUdp,
  sendUdpRaw,
  setNetworkConfig,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import {
  createAck,
  createData,
  readReliable,
} from '../../src/protocol/reliable/reliableDatagram.ts'
import { memorySpec } from '../lib/netSpec.ts'
import { mulberry32 } from '../lib/random.ts'
import { recordEvents } from '../lib/recordEvents.ts'
import { amountOf, figure, rowSeed } from '../lib/row.ts'
import { type TestNet } from '../lib/TestNet.ts'
import { turns } from '../lib/until.ts'

const ip = '192.0.2.1'
const port = 7

/** A UDP socket whose senders a case plays, and what leaves it. */
class Forger {
  readonly world: World
  readonly socket: EntityId
  readonly out: Uint8Array[] = []
  /** The bytes that have left and are not kept. */
  forgotten = 0
  readonly #net: TestNet
  #events: DatagramEvents | undefined

  constructor(
    net: TestNet,
    kind: 'server' | 'client',
    options = {},
    reliable: boolean | 'ordered' = true,
  ) {
    this.#net = net
    this.world = net.world(options)
    const transport: DatagramTransport = {
      ...createMemoryDatagrams(),
      bind: (bindOptions, events) => {
        this.#events = events
        return {
          localPort: bindOptions.port || 4_000,
          pendingBytes: 0,
          send: (bytes) => {
            this.out.push(bytes)
            return 0
          },
          broadcast: () => NetworkError.unreachable,
          setMulticast() {},
          close() {},
        }
      },
    }
    this.socket =
      kind === 'server'
        ? createServer(this.world, transport, 4_000)
        : createSocket(this.world, transport)
    setNetworkConfig(this.world, this.socket, { reliable })
  }

  receive(bytes: Uint8Array, from: string = ip): void {
    this.#events!.received(bytes, from, port)
  }

  /** Answers each message with so many bytes. */
  answerWith(size: number): void {
    onNetworking(this.world, addEntity(this.world), (_world, _self, load) => {
      if (load.type === NetworkType.data)
        sendUdp(this.world, this.socket, load.ip, load.port, new Uint8Array(size))
    })
  }

  /** Ticks for so long. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) {
      NetworkSystem(this.world)
      await turns(1)
      this.#net.clock.advance(50)
    }
  }

  /** Counts what has left, and keeps it no longer. */
  forget(): void {
    this.forgotten += this.outBytes
    this.out.length = 0
  }

  get outBytes(): number {
    return this.out.reduce((sum, { length }) => sum + length, 0)
  }

  /** How often the first of our data datagrams has left. */
  get copies(): number {
    const data = this.out.map(readReliable).filter((each) => each?.kind === 'data')
    return data.filter((each) => each.sequence === data[0]!.sequence).length
  }

  /** The acknowledgement of our first data datagram. */
  acknowledgement(): Uint8Array {
    const data = this.out.map(readReliable).find((each) => each?.kind === 'data')!
    return createAck(data.session, data.sequence, 0)
  }
}

memorySpec('bytes to an address that is not proved', (it) => {
  const forged: Record<string, Uint8Array> = {
    'a plain datagram': new Uint8Array(16).fill(7),
    'a plain datagram of 1,000 bytes': new Uint8Array(1_000).fill(7),
    'a reliable datagram': createData(77, 0, 0, true, true, Uint8Array.of(1, 2, 3, 4)),
  }
  for (const [name, datagram] of Object.entries(forged))
    it(`${name} that is answered with as much brings at most three times its bytes`, async (net) => {
      const forger = new Forger(net, 'server')
      forger.answerWith(datagram.length - 12)
      forger.receive(datagram)
      await forger.pass(15_000)
      assert.ok(forger.copies > 0)
      assert.ok(forger.outBytes <= 3 * datagram.length, `${forger.outBytes} bytes`)
    })

  it('an answer that is larger than that leaves once', async (net) => {
    const forger = new Forger(net, 'server')
    const heard = recordEvents(forger.world)
    forger.answerWith(8_192)
    forger.receive(forged['a plain datagram']!)
    await forger.pass(15_000)
    assert.is(forger.copies, 1)
    assert.is(forger.out.length, 7)
    // The message is lost, and that is an event as ever.
    assert.equal(
      heard.map(({ type }) => type),
      [NetworkType.data, NetworkType.disconnect],
    )
    assert.is(Socket(forger.world).disconnectReason[forger.socket], DisconnectReason.timedOut)
  })

  it('plain answers of the user count too', async (net) => {
    const forger = new Forger(net, 'server')
    forger.receive(new Uint8Array(100))
    sendUdpRaw(forger.world, forger.socket, ip, port, new Uint8Array(250))
    sendUdp(forger.world, forger.socket, ip, port, new Uint8Array(20))
    await forger.pass(15_000)
    assert.is(forger.copies, 1)
  })

  it('more bytes from the address allow more repeats, and an acknowledgement all of them', async (net) => {
    const forger = new Forger(net, 'server')
    forger.receive(Uint8Array.of(1))
    sendUdp(forger.world, forger.socket, ip, port, new Uint8Array(100))
    sendUdp(forger.world, forger.socket, ip, port, new Uint8Array(1))
    await forger.pass(2_000)
    assert.is(forger.copies, 1)
    forger.receive(new Uint8Array(150))
    await forger.pass(2_000)
    const some = forger.copies
    assert.ok(some > 1 && some < 5, `${some} copies`)
    const session = readReliable(forger.out[0]!)!.session
    forger.receive(createAck(session ^ 1, 1, 0))
    await forger.pass(2_000)
    assert.ok(forger.copies <= some + 1, 'a guessed session proves nothing')
    forger.receive(createAck(session, 1, 0))
    await forger.pass(4_000)
    assert.ok(forger.copies > some + 6, `${forger.copies} copies`)
  })

  it('a peer that was lost has to prove itself again', async (net) => {
    const forger = new Forger(net, 'server')
    forger.receive(Uint8Array.of(1))
    sendUdp(forger.world, forger.socket, ip, port, Uint8Array.of(1))
    await forger.pass(50)
    forger.receive(forger.acknowledgement())
    sendUdp(forger.world, forger.socket, ip, port, Uint8Array.of(2))
    await forger.pass(15_000)
    assert.ok(forger.copies > 0)
    forger.out.length = 0
    forger.receive(Uint8Array.of(1))
    sendUdp(forger.world, forger.socket, ip, port, new Uint8Array(100))
    await forger.pass(15_000)
    assert.is(forger.copies, 1)
  })

  for (const kind of ['client', 'server'] as const)
    it(`a ${kind} repeats to an address of its own choice`, async (net) => {
      const forger = new Forger(net, kind)
      sendUdp(forger.world, forger.socket, ip, port, new Uint8Array(100))
      await forger.pass(9_000)
      assert.ok(forger.copies > 10, `${forger.copies} copies`)
    })

  it('a sender that was forgotten in a flood is not an address of our own choice', async (net) => {
    const forger = new Forger(net, 'server', { sendersMax: 4 })
    forger.answerWith(100)
    for (let last = 1; last <= 12; last++) forger.receive(new Uint8Array(16), `192.0.2.${last}`)
    await forger.pass(15_000)
    assert.is(forger.out.length, new Set(forger.out).size, 'each datagram leaves once')
  })
})

const datagrams = amountOf({ test: 20_000, ci: 200_000, soak: 1_000_000 })
/** Datagrams between two ticks. */
const perTick = 500

/** Bytes that are no reliable datagram, and now and then look like a packet. */
function garbage(random: () => number): Uint8Array {
  const bytes = Buffer.alloc(Math.floor(random() * 60))
  for (let at = 0; at < bytes.length; at++) bytes[at] = random() * 256
  if (bytes.length > 12 && random() < 0.3) {
    bytes.write('dec0adde0c000000', 'hex')
    bytes.writeUInt32LE(bytes.length - 12, 8)
  }
  return bytes
}

/** An address that has probably not been heard of. */
function stranger(random: () => number): string {
  return [10, 0, 0, 0].map((first) => first || Math.floor(random() * 256)).join('.')
}

for (const reliable of [false, true, 'ordered'] as const) {
  const name = reliable === false ? 'plain' : reliable === true ? 'reliable' : 'ordered'
  memorySpec(`${name} UDP among strangers`, (it) => {
    it(`${datagrams} random datagrams are not answered`, async (net) => {
      console.log(`SEED=${rowSeed}`)
      const random = mulberry32(rowSeed)
      const forger = new Forger(net, 'server', {}, reliable)
      let bytesIn = 0
      for (let count = 0; count < datagrams; count++) {
        const bytes = garbage(random)
        bytesIn += bytes.length
        forger.receive(bytes, stranger(random))
        if (count % perTick === 0) await forger.pass(50)
      }
      await forger.pass(15_000)
      assert.is(forger.out.length, 0)
      figure('R-25', `${name} UDP: ${datagrams} random datagrams, ${bytesIn} bytes in, 0 out`)
    })

    it('what is a reliable datagram brings no more than its bytes', async (net) => {
      const random = mulberry32(rowSeed + 1)
      const forger = new Forger(net, 'server', {}, reliable)
      const count = datagrams / 20
      let bytesIn = 0
      for (let index = 0; index < count; index++) {
        const payload = new Uint8Array(Math.floor(random() * 20))
        const [session, sequence] = [random() * 2 ** 32, Math.floor(random() * 3)]
        const bytes = createData(session, sequence, 0, random() < 0.5, random() < 0.5, payload)
        bytesIn += bytes.length
        const before = forger.outBytes
        forger.receive(bytes, stranger(random))
        assert.ok(forger.outBytes - before <= bytes.length)
        if (index % perTick === 0) await forger.pass(50)
        forger.forget()
      }
      await forger.pass(15_000)
      const { forgotten } = forger
      assert.ok(forgotten + forger.outBytes <= bytesIn, `${forgotten} of ${bytesIn} bytes`)
      if (reliable === false) assert.is(forgotten, 0)
      figure(
        'R-25',
        `${name} UDP: ${count} reliable datagrams, ${bytesIn} bytes in, ${forgotten} out`,
      )
    })
  })
}

const limited = (net: TestNet, reliable: boolean) => {
  const world = net.world()
  const transport = createMemoryDatagrams()
  const server = createServer(world, transport, 4_000, { messageBytesMax: 100 })
  const client = createSocket(world, transport)
  for (const each of [server, client]) setNetworkConfig(world, each, { reliable })
  return { world, server, client, heard: recordEvents(world) }
}

memorySpec('messageBytesMax of a UDP server', (it) => {
  it('a larger datagram is dropped and counted, with or without a header', (net) => {
    const { world, server, client, heard } = limited(net, false)
    for (const size of [100, 101]) {
      sendUdp(world, client, '127.0.0.1', 4_000, new Uint8Array(size))
      sendUdpRaw(world, client, '127.0.0.1', 4_000, new Uint8Array(size).fill(1))
    }
    NetworkSystem(world)
    assert.equal(
      heard.map(({ size }) => size),
      [100, 100],
    )
    assert.is(Socket(world).dropped[server], 2)
  })

  it('it sends larger ones all the same', (net) => {
    const { world, server, client, heard } = limited(net, false)
    const to = Socket(world).port[client]!
    assert.is(sendUdp(world, server, '127.0.0.1', to, new Uint8Array(500)), 512)
    NetworkSystem(world)
    assert.equal(
      heard.map(({ size }) => size),
      [500],
    )
  })

  it('the sender of a larger reliable message is lost', async (net) => {
    const { world, server, client, heard } = limited(net, true)
    const pass = async (): Promise<void> => {
      for (let count = 0; count < 5; count++) {
        await turns(1)
        net.clock.advance(50)
        NetworkSystem(world)
      }
    }
    sendUdp(world, client, '127.0.0.1', 4_000, new Uint8Array(100))
    await pass()
    assert.equal(
      heard.map(({ size }) => size),
      [100],
    )
    sendUdp(world, client, '127.0.0.1', 4_000, new Uint8Array(101))
    await pass()
    assert.is(heard[1]!.type, NetworkType.disconnect)
    assert.is(Socket(world).disconnectReason[server], DisconnectReason.tooLarge)
  })
})
