// The game of docs/replication.md, as it is written there, over a real WebSocket.

import {
  addComponents,
  addEntity,
  createWorld,
  hasComponent,
  query,
  removeEntity,
  type World,
} from 'bitecs'
import {
  BufferType,
  closeNetwork,
  connectSocket,
  createServer,
  createSocket,
  NetworkSystem,
  NetworkType,
  onNetworking,
  readBuffer,
  sendPacket,
  SocketType,
  startTicks,
} from 'bitecs-networking'
import {
  InterpolationSystem,
  joinReplication,
  OwnedBy,
  range,
  Replicated,
  replicate,
  ReplicationSystem,
  serveReplication,
  Shown,
  shown,
  u16,
} from 'bitecs-networking/replication'
import * as assert from 'uvu/assert'
import { portOf } from '../lib/sockets.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

interface Stores {
  Place: { x: number[]; y: number[] }
  Wish: { x: number[]; y: number[] }
  Hue: number[]
}

function createGame(): World<Stores> {
  const world = createWorld({
    Place: { x: [] as number[], y: [] as number[] },
    Wish: { x: [] as number[], y: [] as number[] },
    Hue: [] as number[],
  })
  replicate(world, {
    Place: [
      world.Place,
      { x: range(0, 1600, 1 / 16), y: range(0, 1000, 1 / 16) },
      { interpolate: true },
    ],
    Hue: [world.Hue, u16],
  })
  return world
}

function serve(): { world: World<Stores>; port: number; stop: () => void } {
  const world = createGame()
  const { Place, Wish, Hue } = world
  const server = createServer(world, SocketType.ws, 0)
  serveReplication(world, server, { hz: 60 })
  onNetworking(world, server, (world, _self, asyncLoad) => {
    if (asyncLoad.type === NetworkType.connect) {
      const ship = addEntity(world)
      Place.x[ship] = Wish.x[ship] = Math.random() * 1600
      Place.y[ship] = Wish.y[ship] = Math.random() * 1000
      Hue[ship] = (ship * 47) % 360
      addComponents(world, ship, [Place, Wish, Hue, Replicated, OwnedBy(asyncLoad.socket)])
    } else if (asyncLoad.type === NetworkType.disconnect)
      for (const ship of Array.from(query(world, [OwnedBy(asyncLoad.socket)])))
        removeEntity(world, ship)
    else if (asyncLoad.type === NetworkType.data)
      for (const ship of query(world, [Wish, OwnedBy(asyncLoad.id)])) {
        Wish.x[ship] = readBuffer(asyncLoad.buffer, BufferType.u16)
        Wish.y[ship] = readBuffer(asyncLoad.buffer, BufferType.u16)
      }
  })
  const ticks = startTicks(
    (tick) => {
      NetworkSystem(world)
      for (const ship of query(world, [Place, Wish])) {
        Place.x[ship]! += (Wish.x[ship]! - Place.x[ship]!) * 0.05
        Place.y[ship]! += (Wish.y[ship]! - Place.y[ship]!) * 0.05
      }
      if (tick % 3 === 0) ReplicationSystem(world, tick)
    },
    { hz: 60 },
  )
  const stop = (): void => {
    ticks.stop()
    closeNetwork(world)
  }
  return { world, port: portOf(world, server), stop }
}

spec('the whole game', (it) => {
  it('shows on a page the ship that its server moves', async () => {
    const game = serve()
    const world = createGame()
    const socket = createSocket(world, SocketType.ws)
    const at = shown(world, world.Place)
    try {
      const drawn: { x: number; y: number; hue: number; isMine: boolean }[] = []
      const frame = (): void => {
        NetworkSystem(world)
        InterpolationSystem(world)
        for (const ship of query(world, [world.Place, Shown]))
          drawn.push({
            x: at.x[ship]!,
            y: at.y[ship]!,
            hue: world.Hue[ship]!,
            isMine: hasComponent(world, ship, OwnedBy(socket)),
          })
        ReplicationSystem(world)
      }
      let outcome: number | undefined
      const begin = async (): Promise<void> => {
        const connected = await connectSocket(world, socket, `ws://localhost:${game.port}`, 0)
        outcome = connected < 0 ? connected : await joinReplication(world, socket)
      }
      const begun = begin()
      await until(() => outcome !== undefined && drawn.length > 0, frame)
      await begun
      assert.is(outcome, socket)
      const first = drawn[0]!
      assert.ok(first.isMine)
      const wish = { x: first.x < 800 ? 1600 : 0, y: first.y < 500 ? 1000 : 0 }
      sendPacket(world, socket, new Uint8Array(new Uint16Array([wish.x, wish.y]).buffer))
      await until(
        () => Math.abs(drawn.at(-1)!.x - wish.x) < 20 && Math.abs(drawn.at(-1)!.y - wish.y) < 20,
        frame,
      )
      const ship = query(game.world, [Replicated])[0]!
      assert.ok(Math.abs(game.world.Place.x[ship]! - drawn.at(-1)!.x) < 20)
      assert.is(drawn.at(-1)!.hue, game.world.Hue[ship])
    } finally {
      closeNetwork(world)
      game.stop()
    }
  })
})
