// Over real sockets; hostile peers; recordings.

import { hasComponent, query } from 'bitecs'
import {
  closeNetwork,
  Connected,
  connectSocket,
  createServer,
  createSocket,
  flushNetwork,
  NetworkSystem,
  sendPacket,
  Socket,
  SocketType,
} from 'bitecs-networking'
import { recordNetwork, replayNetwork } from 'bitecs-networking/recording'
import {
  joinReplication,
  Joined,
  Remote,
  Replicated,
  Replication,
  ReplicationSystem,
  serveReplication,
} from 'bitecs-networking/replication'
import * as assert from 'uvu/assert'
import { networkOf } from '../../src/network/networkOf.ts'
import { mulberry32 } from '../lib/random.ts'
import { portOf } from '../lib/sockets.ts'
import { until } from '../lib/until.ts'
import { MemorySink } from '../recording/MemorySink.ts'
import { spec } from '../spec.ts'
import { createHueGame, type HueWorld, huesIn, spawnHue } from './hueGame.ts'
import { Troupe } from './Troupe.ts'

spec('replication over sockets', (it) => {
  for (const [name, type, raw] of [
    ['TCP', SocketType.tcp, false],
    ['WebSocket', SocketType.ws, false],
    ['raw WebSocket', SocketType.ws, true],
  ] as const)
    it(`brings 3,000 entities and their changes: ${name}`, async () => {
      const host = createHueGame()
      const guest = createHueGame()
      try {
        const server = createServer(host, type, 0, { raw })
        serveReplication(host, server)
        const socket = createSocket(guest, type)
        const round = (): void => {
          NetworkSystem(host)
          NetworkSystem(guest)
          ReplicationSystem(guest)
          ReplicationSystem(host)
        }
        const made = Array.from({ length: 3_000 }, (_, hue) => spawnHue(host, hue))
        let outcome: number | undefined
        void connectSocket(guest, socket, '127.0.0.1', portOf(host, server), { raw })
          .then(() => joinReplication(guest, socket))
          .then((result) => (outcome = result))
        await until(() => outcome !== undefined, round)
        assert.is(outcome, socket)
        await until(() => Replication(guest).complete[socket] === true, round)
        assert.is(query(guest, [Remote]).length, 3_000)
        for (const entity of made) host.Hue[entity]! += 10_000
        await until(() => huesIn(guest)[0]! >= 10_000, round)
        assert.equal(
          huesIn(guest),
          made.map((_, hue) => hue + 10_000),
        )
        assert.is(Socket(guest).badMessages[socket], 0)
      } finally {
        closeNetwork(guest)
        closeNetwork(host)
      }
    })
})

const header = Buffer.from('62655201', 'hex')

spec('hostile peers', (it) => {
  it(
    'of a server cost it nothing: random bytes, kinds of the other side, cut messages',
    Troupe.with(createHueGame, (troupe) => {
      const { host } = troupe
      const random = mulberry32(7)
      const good = troupe.join()
      const bad = troupe.join()
      spawnHue(host, 1)
      for (let count = 0; count < 2_000; count++) {
        const size = Math.floor(random() * 40)
        const bytes = Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)))
        const kind = Buffer.from([Math.floor(random() * 9)])
        sendPacket(bad.world, bad.socket, Buffer.concat([header, kind, bytes]))
        if (count % 100 === 0) troupe.snapshot()
      }
      troupe.pass(5)
      assert.ok(hasComponent(host, good.accepted, Joined))
      assert.equal(huesIn(good.world), [1])
      troupe.snapshot()
    }),
  )

  it(
    'of a client end the connection with the 8th packet in a row that cannot be read',
    Troupe.with(createHueGame, (troupe) => {
      const { host } = troupe
      const guest = troupe.join()
      spawnHue(host, 1)
      troupe.snapshot()
      const bad = Buffer.concat([header, Buffer.from([4]), Buffer.alloc(20, 0xff)])
      const send = (count: number): void => {
        for (let sent = 0; sent < count; sent++) sendPacket(host, guest.accepted, bad)
        flushNetwork(host)
        troupe.pass(3)
      }
      send(7)
      assert.is(Replication(guest.world).malformed[guest.socket], 7)
      assert.ok(hasComponent(guest.world, guest.socket, Connected))
      troupe.snapshot()
      send(7)
      assert.ok(hasComponent(guest.world, guest.socket, Connected))
      send(1)
      assert.not.ok(hasComponent(guest.world, guest.socket, Connected))
      assert.not.ok(hasComponent(guest.world, guest.socket, Joined))
      assert.equal(huesIn(guest.world), [1])
    }),
  )

  it(
    'of a client change nothing with snapshots that are cut or flipped',
    Troupe.with(createHueGame, (troupe) => {
      const { host } = troupe
      const random = mulberry32(11)
      const guest = troupe.join()
      for (let hue = 0; hue < 50; hue++) spawnHue(host, hue)
      troupe.snapshot()
      const before = huesIn(guest.world)
      const listener = networkOf('test', guest.world).sockets.get(guest.socket)!
      assert.is(listener.kind, 'connection')
      for (let count = 0; count < 500; count++) {
        const size = Math.floor(random() * 60)
        const noise = Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)))
        sendPacket(host, guest.accepted, Buffer.concat([header, Buffer.from([4]), noise]))
        flushNetwork(host)
        troupe.pass(2)
        if (!hasComponent(guest.world, guest.socket, Joined)) troupe.join(guest)
        for (const hue of huesIn(guest.world)) assert.ok(before.includes(hue))
      }
    }),
  )

  it(
    'are not answered more than once a second, and get the schema once',
    Troupe.with(createHueGame, (troupe) => {
      const guest = troupe.connect()
      const hello = Buffer.concat([header, Buffer.from([1]), Buffer.alloc(13)])
      for (let count = 0; count < 50; count++) sendPacket(guest.world, guest.socket, hello)
      flushNetwork(guest.world)
      const sent = Socket(troupe.host).packetsOut
      const bytes = Socket(troupe.host).bytesOut
      const before = sent[guest.accepted]!
      troupe.pass(5)
      assert.is(sent[guest.accepted]! - before, 1)
      const first = bytes[guest.accepted]!
      troupe.pass(1_000)
      sendPacket(guest.world, guest.socket, hello)
      troupe.pass(5)
      assert.is(sent[guest.accepted]! - before, 2)
      assert.is(bytes[guest.accepted]! - first, 12 + 8)
    }),
  )

  it(
    'of another version are refused in this one',
    Troupe.with(createHueGame, (troupe) => {
      const guest = troupe.connect()
      const before = Socket(troupe.host).packetsOut[guest.accepted]!
      sendPacket(guest.world, guest.socket, Buffer.from('6265520201', 'hex'))
      troupe.pass(5)
      assert.is(Socket(troupe.host).packetsOut[guest.accepted]! - before, 1)
    }),
  )
})

spec('a recorded client', (it) => {
  it('replays to the same world', async () => {
    const host = createHueGame()
    const server = createServer(host, SocketType.tcp, 0)
    serveReplication(host, server)
    const port = portOf(host, server)
    const play = async (
      begin: (world: HueWorld) => void,
      step: (round: (world: HueWorld) => void) => Promise<void>,
    ): Promise<HueWorld> => {
      const world = createHueGame()
      begin(world)
      const socket = createSocket(world, SocketType.tcp)
      void connectSocket(world, socket, '127.0.0.1', port)
      let isAsked = false
      await step((at) => {
        if (!isAsked && hasComponent(at, socket, Connected)) {
          isAsked = true
          void joinReplication(at, socket)
        }
        NetworkSystem(at)
        ReplicationSystem(at)
      })
      return world
    }
    const sink = new MemorySink()
    let stop: (() => void) | undefined
    let client: HueWorld | undefined
    let ticks = 0
    let state: number[] = []
    try {
      await play(
        (world) => {
          client = world
          const recording = recordNetwork(world, sink)
          stop = () => recording.stop()
        },
        async (round) => {
          for (let hue = 0; hue < 30; hue++) spawnHue(host, hue)
          await until(
            () => huesIn(client!).length === 30 && huesIn(client!)[0]! > 50,
            () => {
              for (const entity of query(host, [Replicated])) host.Hue[entity]!++
              NetworkSystem(host)
              ReplicationSystem(host)
              round(client!)
              ticks++
            },
          )
        },
      )
      state = huesIn(client!)
    } finally {
      stop?.()
      closeNetwork(client!)
      closeNetwork(host)
    }
    let replay: ReturnType<typeof replayNetwork> | undefined
    let again: HueWorld | undefined
    await play(
      (world) => {
        again = world
        replay = replayNetwork(world, sink.bytes())
      },
      async (round) => {
        await replay!.run(() => round(again!))
      },
    )
    assert.ok(ticks > 3)
    assert.is(replay!.difference?.message, undefined)
    assert.equal(huesIn(again!), state)
  })
})
