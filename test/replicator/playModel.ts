// Random games: after each snapshot every client must see exactly what it should, component by component.

import { addComponent, hasComponent, query, removeEntity } from 'bitecs'
import { destroySocket } from 'bitecs-networking'
import {
  InterpolationSystem,
  Joined,
  netIdOf,
  Remote,
  Replicated,
  Replication,
} from 'bitecs-networking/replication'
import { type ConditionsChoice } from 'bitecs-networking/simulation'
import { mulberry32 } from '../lib/random.ts'
import { checkSeen, createModelWorld, Model, type ModelWorld, type Seen } from './modelGame.ts'
import { type Guest, Troupe } from './Troupe.ts'

interface Player extends Seen {
  readonly guest: Guest<ModelWorld>
}

interface Run {
  readonly seed: number
  readonly snapshots: number
  readonly clients: number
  readonly conditions?: ConditionsChoice
}

function playerOf(guest: Guest<ModelWorld>): Player {
  return {
    guest,
    world: guest.world,
    get socket() {
      return guest.socket
    },
    get accepted() {
      return guest.accepted
    },
    removed: new Set(),
    visible: new Set(),
  }
}

/** Plays a random game. A failure says its seed. */
export function playModel({ seed, snapshots, clients, conditions = {} }: Run): () => Promise<void> {
  const random = mulberry32(seed)
  const players: Player[] = []
  const interest = (_: unknown, socket: number): Iterable<number> =>
    players.find(({ accepted }) => accepted === socket)?.visible ?? []
  return Troupe.with(
    createModelWorld,
    (troupe) => {
      const { host } = troupe
      const model = new Model(host, random)
      const join = (player: Player): void => void troupe.join(player.guest)
      for (let count = 0; count < clients; count++) {
        const player = playerOf(troupe.guest())
        players.push(player)
        join(player)
      }
      const log: string[] = []
      for (let count = 0; count < snapshots; count++) {
        const sockets = players.map(({ accepted }) => accepted)
        for (let changes = model.below(12); changes > 0; changes--) log.push(model.change(sockets))
        for (const player of players) look(model, player)
        if (model.chance(0.05)) removeHere(model, model.pick(players)!)
        if (model.chance(0.05)) addComponent(host, model.pick(sockets)!, Replicated)
        if (model.chance(0.04)) reconnect(troupe, model, model.pick(players)!, sockets, join)
        troupe.snapshot()
        log.push(`snapshot ${troupe.tick}`)
        troupe.until(() => players.every((player) => isCurrent(troupe, player)))
        const context = `seed ${seed}, snapshot ${troupe.tick}: ${log.slice(-30).join('; ')}`
        for (const player of players) {
          if (model.chance(0.5)) InterpolationSystem(player.world)
          checkSeen(host, player, context)
        }
      }
    },
    { serve: { interest, bytesPerSnapshot: 65_536 }, conditions, seed },
  )
}

/** What a player may see changes a little. */
function look(model: Model, { visible }: Player): void {
  const all = new Set(model.replicated())
  for (const entity of visible) if (!all.has(entity)) visible.delete(entity)
  for (const entity of all)
    if (model.chance(0.05)) visible.delete(entity)
    else if (model.chance(0.3)) visible.add(entity)
}

function removeHere(model: Model, { world, removed }: Player): void {
  const entity = model.pick(query(world, [Remote]))
  if (entity === undefined) return
  removed.add(netIdOf(world, entity))
  removeEntity(world, entity)
}

/** The connection ends, and the player comes again; the replicas stay meanwhile. */
function reconnect(
  troupe: Troupe<ModelWorld>,
  model: Model,
  player: Player,
  sockets: readonly number[],
  join: (player: Player) => void,
): void {
  const { host } = troupe
  const before = query(player.world, [Remote]).length
  destroySocket(host, player.guest.accepted)
  troupe.until(() => !hasComponent(player.world, player.guest.socket, Joined))
  if (query(player.world, [Remote]).length !== before)
    throw new Error('a lost connection keeps replicas')
  for (let changes = model.below(8); changes > 0; changes--)
    model.change(sockets.filter((each) => each !== player.guest.accepted))
  join(player)
}

function isCurrent({ tick }: Troupe<ModelWorld>, { world, socket }: Player): boolean {
  const store = Replication(world)
  return store.tick[socket] === tick && store.complete[socket] === true
}
