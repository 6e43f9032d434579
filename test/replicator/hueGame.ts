// The smallest game that is replicated: entities with a colour.

import { addComponent, addEntity, createWorld, query, type World } from 'bitecs'
import { Remote, Replicated, replicate, u16 } from 'bitecs-networking/replication'

export type HueWorld = World<{ Hue: number[] }>

export function createHueGame(): HueWorld {
  const world = createWorld({ Hue: [] as number[] })
  replicate(world, { Hue: [world.Hue, u16] })
  return world
}

export function spawnHue(host: HueWorld, hue: number): number {
  const entity = addEntity(host)
  host.Hue[entity] = hue
  addComponent(host, entity, host.Hue)
  addComponent(host, entity, Replicated)
  return entity
}

/** The colours of the replicas, in order. */
export function huesIn(world: HueWorld): number[] {
  return [...query(world, [Remote])].map((entity) => world.Hue[entity]!).sort((a, b) => a - b)
}
