import { addEntity, createWorld, deleteWorld, type EntityId, resetWorld } from 'bitecs'
import {
  createMemoryDatagrams,
  createSocket,
  createVirtualClock,
  NetworkError,
  resolveHost,
  sendUdp,
  sendUdpRaw,
  setNetworkConfig,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { hexBytes } from '../lib/HandTransport.ts'
import { turns } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { giveRowsAway, rowsOf } from './rows.ts'

const ways = { resetWorld, deleteWorld } as const
const config = { clock: createVirtualClock(), warn() {} }

/** A UDP socket in a world, and a peer of it in another. */
class LostDatagrams {
  readonly world = createWorld()
  readonly clock = createVirtualClock()
  /** What the network would deliver. */
  readonly way: (() => void)[] = []
  isBroken = false
  readonly transport = createMemoryDatagrams({
    deliver: (_datagram, send) => void (this.isBroken ? this.way.push(send) : send()),
  })
  readonly socket: EntityId
  readonly peerWorld = createWorld()
  readonly peer: EntityId
  readonly port: number

  constructor() {
    for (const world of [this.world, this.peerWorld])
      setNetworkConfig(world, { ...config, clock: this.clock })
    this.socket = createSocket(this.world, this.transport)
    this.peer = createSocket(this.peerWorld, this.transport)
    this.port = Socket(this.peerWorld).localPort[this.peer]!
  }
}

for (const [name, way] of Object.entries(ways))
  spec(`UDP sockets after ${name}`, (it) => {
    it('a datagram that arrives closes the socket and is counted nowhere', () => {
      const it = new LostDatagrams()
      const port = Socket(it.world).localPort[it.socket]!
      way(it.world)
      giveRowsAway(it.world)
      const rows = rowsOf(it.world)
      sendUdpRaw(it.peerWorld, it.peer, '127.0.0.1', port, hexBytes('01'))
      assert.is(rowsOf(it.world), rows)
      assert.ok(createSocket(it.peerWorld, it.transport, port) > 0, 'the port is free')
    })

    it('what is repeated is repeated no more, and counted nowhere', async () => {
      const it = new LostDatagrams()
      const port = Socket(it.world).localPort[it.socket]!
      setNetworkConfig(it.world, it.socket, { reliable: true })
      it.isBroken = true
      assert.ok(sendUdp(it.world, it.socket, '127.0.0.1', it.port, hexBytes('01')) > 0)
      await turns()
      assert.is(it.way.length, 1)
      way(it.world)
      giveRowsAway(it.world)
      const rows = rowsOf(it.world)
      it.clock.advance(10_000)
      assert.is(rowsOf(it.world), rows)
      assert.is(it.clock.pendingTimers, 0)
      assert.ok(createSocket(it.peerWorld, it.transport, port) > 0, 'the port is free')
    })

    it('what waited for the address of a host is not sent, and counted nowhere', async () => {
      const it = new LostDatagrams()
      assert.ok(sendUdp(it.world, it.socket, 'localhost', it.port, hexBytes('01')) > 0)
      way(it.world)
      giveRowsAway(it.world)
      const rows = rowsOf(it.world)
      await resolveHost('localhost')
      await turns(10)
      assert.is(rowsOf(it.world), rows)
    })
  })

spec('UDP sockets after resetWorld :: a transport that tells late', (it) => {
  it('a datagram that could not leave is counted nowhere', () => {
    const world = createWorld()
    setNetworkConfig(world, config)
    const memory = createMemoryDatagrams()
    let tell: (() => void) | undefined
    const socket = createSocket(world, {
      ...memory,
      bind(options, events) {
        tell = () => events.undelivered(NetworkError.unreachable)
        return memory.bind(options, events)
      },
    })
    tell!()
    assert.is(Socket(world).undelivered[socket], 1)
    resetWorld(world)
    addEntity(world)
    giveRowsAway(world)
    const rows = rowsOf(world)
    tell!()
    assert.is(rowsOf(world), rows)
  })
})
