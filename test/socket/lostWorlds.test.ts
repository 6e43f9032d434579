import { createWorld, deleteWorld, type EntityId, query, resetWorld, type World } from 'bitecs'
import {
  connectSocket,
  createServer,
  createSocket,
  createVirtualClock,
  DisconnectReason,
  NetworkError,
  NetworkSystem,
  sendPacket,
  setNetworkConfig,
  Socket,
  SocketRole,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { answer, greeting, helloPacket, welcome } from '../lib/gameMaker.ts'
import { type HandEnd, HandTransport, hexBytes } from '../lib/HandTransport.ts'
import { turns } from '../lib/until.ts'
import { spec } from '../spec.ts'
import { giveRowsAway, rowsOf } from './rows.ts'

const ways = { resetWorld, deleteWorld } as const
const config = { clock: createVirtualClock(), warn() {} }

/** The one socket of a world that was accepted. */
function acceptedIn(world: World): EntityId {
  const { role } = Socket(world)
  return query(world, [Socket]).find((entity) => role[entity] === SocketRole.accepted)!
}

/** A world with one of each: an open client, a connecting one, an accepted socket, one that shakes hands. */
class Lost {
  readonly world = createWorld()
  readonly clock = createVirtualClock()
  readonly transport = new HandTransport()
  readonly server: EntityId
  readonly open: HandEnd
  readonly connecting: HandEnd
  readonly raw: HandEnd
  readonly accepted: HandEnd
  readonly shaking: HandEnd
  readonly outcomes: number[] = []
  readonly #way: (world: World) => unknown

  constructor(way: keyof typeof ways, port = 6_510) {
    this.#way = ways[way]
    const { world, transport, clock } = this
    setNetworkConfig(world, { ...config, clock })
    transport.port = port
    this.server = createServer(world, transport, port)
    this.open = this.#connect()
    this.open.events.opened(this.open.connection)
    this.open.events.received(hexBytes(greeting))
    this.open.events.received(hexBytes(welcome))
    this.connecting = this.#connect()
    this.connecting.events.opened(this.connecting.connection)
    this.raw = this.#connect(true)
    this.accepted = transport.accept()
    this.accepted.events.received(hexBytes(answer))
    this.shaking = transport.accept()
    NetworkSystem(world)
  }

  get ends(): readonly HandEnd[] {
    return [this.open, this.connecting, this.raw, this.accepted, this.shaking]
  }

  #connect(raw = false): HandEnd {
    const { world, transport } = this
    const socket = createSocket(world, transport)
    void connectSocket(world, socket, 'peer', 7, { raw }).then((result) =>
      this.outcomes.push(result),
    )
    return transport.client!
  }

  /** The world goes, and others have its rows. */
  lose(): void {
    this.#way(this.world)
    giveRowsAway(this.world)
  }

  /** Runs a callback of a transport: it does not throw, no row is written, and everything is closed. */
  async late(run: () => void): Promise<void> {
    const rows = rowsOf(this.world)
    run()
    await turns()
    assert.is(rowsOf(this.world), rows)
    assert.equal(
      this.ends.map(({ connection }) => connection.ended === ''),
      [false, false, false, false, false],
    )
    assert.not(this.transport.isListening)
    assert.is(this.clock.pendingTimers, 0)
  }
}

const endNames = ['open', 'connecting', 'raw', 'accepted', 'shaking'] as const
const faults: Record<string, string> = {
  'a packet': helloPacket,
  'what is not a packet': '00'.repeat(20),
  'a part of a packet': helloPacket.slice(0, 26),
  'the answer of a handshake': answer,
  greeting,
}

for (const way of ['resetWorld', 'deleteWorld'] as const)
  spec(`sockets after ${way}`, (it) => {
    for (const name of endNames)
      for (const [what, hex] of Object.entries(faults))
        it(`${name}: ${what} closes everything and is counted nowhere`, async () => {
          const lost = new Lost(way)
          lost.lose()
          await lost.late(() => lost[name].events.received(hexBytes(hex)))
          await lost.late(() => lost[name].events.received(hexBytes(hex)))
        })

    for (const name of endNames)
      it(`${name}: the end of its connection is counted nowhere`, async () => {
        const lost = new Lost(way)
        lost[name].events.received(hexBytes(helloPacket.slice(0, 26)))
        lost.lose()
        await lost.late(() => {
          lost[name].connection.ended = 'close'
          lost[name].events.ended(DisconnectReason.closed)
        })
      })

    it('drained: what gathered meanwhile leaves, and is counted nowhere', async () => {
      const lost = new Lost(way)
      const { world, accepted } = lost
      const client = acceptedIn(world)
      accepted.connection.isSlow = true
      const before = accepted.connection.writes.length
      assert.is(sendPacket(world, client, hexBytes('01')), 13)
      await turns()
      assert.is(sendPacket(world, client, hexBytes('02')), 13)
      lost.lose()
      await lost.late(() => {
        accepted.connection.pendingBytes = 0
        accepted.events.drained()
      })
      assert.is(accepted.connection.writes.length, before + 2)
      assert.is(accepted.connection.ended, 'close')
    })

    for (const name of ['connecting', 'raw'] as const)
      it(`${name}: a connection that is made, or not, settles as closed`, async () => {
        for (const isMade of [true, false]) {
          const lost = new Lost(way)
          lost.lose()
          await lost.late(() => {
            const { events, connection } = lost[name]
            if (isMade) events.opened(connection)
            else {
              connection.ended = 'close'
              events.failed(NetworkError.refused)
            }
            // What was sent to it comes next.
            lost.open.events.alive()
            lost.open.events.received(hexBytes(greeting))
          })
          assert.is(lost.outcomes.length, 3, 'every promise is settled')
          for (const outcome of lost.outcomes.slice(1)) assert.ok(outcome < 0, String(outcome))
        }
      })

    it('raw: a connection that is made after all settles as closed, with nothing behind it', async () => {
      const lost = new Lost(way)
      lost.lose()
      await lost.late(() => lost.raw.events.opened(lost.raw.connection))
      assert.equal(lost.outcomes.slice(1), [
        NetworkError.connectionClosed,
        NetworkError.connectionClosed,
      ])
    })

    it('the time limits of connecting and of handshakes close everything', async () => {
      const lost = new Lost(way)
      lost.lose()
      await lost.late(() => lost.clock.advance(20_000))
    })

    it('a listener turns newcomers away, and tells nobody', async () => {
      for (const what of ['accepted', 'rejected', 'listening', 'failed', 'warned'] as const) {
        const lost = new Lost(way, what === 'listening' || what === 'failed' ? 0 : 6_510)
        lost.lose()
        await lost.late(() => {
          if (what === 'accepted') assert.is(lost.transport.accept().connection.ended, 'close')
          else if (what === 'failed') lost.transport.listener!.failed(NetworkError.portUnavailable)
          else if (what === 'warned') lost.transport.listener!.warned('of something')
          else lost.transport.listener![what]()
          // What does not look at the world does not notice that it is gone.
          lost.open.events.received(hexBytes(helloPacket))
        })
      }
    })

    it('what was sent before leaves in a microtask, and is counted nowhere', async () => {
      const lost = new Lost(way)
      const client = acceptedIn(lost.world)
      assert.is(sendPacket(lost.world, client, hexBytes('01')), 13)
      const before = lost.accepted.connection.writes.length
      lost.lose()
      await lost.late(() => {})
      assert.is(lost.accepted.connection.writes.length, before + 1)
    })
  })

spec('sockets after resetWorld :: a new world with the same ids', (it) => {
  it('nothing late of the former sockets reaches those that have their ids', async () => {
    const lost = new Lost('resetWorld')
    const { world } = lost
    resetWorld(world)
    setNetworkConfig(world, { ...config, clock: lost.clock })
    const transport = new HandTransport()
    const server = createServer(world, transport, 6_511)
    assert.is(server, lost.server)
    const { connection, events } = transport.accept()
    events.received(hexBytes(answer))
    NetworkSystem(world)
    const rows = rowsOf(world)
    for (const { events: late, connection: old } of lost.ends) {
      assert.is.not(old.ended, '')
      late.received(hexBytes(helloPacket))
      late.drained()
      late.alive()
      late.ended(DisconnectReason.reset)
    }
    lost.transport.listener!.rejected()
    assert.is(lost.transport.accept().connection.ended, 'close')
    lost.clock.advance(60_000)
    NetworkSystem(world)
    await turns()
    assert.is(rowsOf(world), rows)
    assert.is(connection.ended, '')
    assert.is(query(world, [Socket]).length, 2)
  })
})
