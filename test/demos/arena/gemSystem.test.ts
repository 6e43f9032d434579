import { addComponent, addEntity, type EntityId, entityExists, removeEntity } from 'bitecs'
import { SocketType } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { gemSystem } from '../../../demos/arena/server/gemSystem.ts'
import {
  fieldWidth,
  gemCount,
  gemRadius,
  shipRadius,
} from '../../../demos/arena/shared/constants.ts'
import { spec } from '../../spec.ts'
import { ArenaStage } from './ArenaStage.ts'

const reach = shipRadius + gemRadius

spec('gemSystem', (it) => {
  it('lets a ship collect what touches it, wherever it is, and nothing else', () =>
    ArenaStage.with(async ({ arena }) => {
      const { world, players } = arena
      const { Gem, Position, Velocity } = world.components
      const ship = addEntity(world)
      for (const component of [Position, Velocity]) addComponent(world, ship, component)
      players.add(ship, SocketType.udp, 'Ann')
      const addGem = (x: number, y: number): EntityId => {
        const gem = addEntity(world)
        for (const component of [Gem, Position, Velocity]) addComponent(world, gem, component)
        Position.x[gem] = x
        Position.y[gem] = y
        Velocity.x[gem] = Velocity.y[gem] = 0
        return gem
      }
      // So many that no others are made.
      for (let count = 0; count < gemCount; count++) addGem(100, 900)
      const isCollected = (x: number, y: number): boolean => {
        const gem = addGem(x, y)
        gemSystem(arena, 0)
        const isThere = entityExists(world, gem)
        if (isThere) removeEntity(world, gem)
        return !isThere
      }
      for (let x = shipRadius; x <= fieldWidth - shipRadius; x += 7) {
        Position.x[ship] = x
        Position.y[ship] = 500
        for (const side of [-1, 1]) {
          const at = `a ship at ${x}, a gem on side ${side}`
          const edge = x + side * reach
          if (edge < 0 || edge > fieldWidth) continue
          assert.ok(isCollected(edge - side * 0.1, 500), at)
          assert.not.ok(isCollected(edge + side * 0.1, 500), at)
          assert.not.ok(isCollected(x, 500 + side * (reach + 0.1)), at)
        }
      }
    }))
})
