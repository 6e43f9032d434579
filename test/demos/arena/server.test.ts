import { isDeepStrictEqual } from 'node:util'
import * as assert from 'uvu/assert'
import { type EntityId } from 'bitecs'
import { SocketType } from 'bitecs-networking'
import { entityOf } from 'bitecs-networking/replication'
import {
  gemCount,
  playersMax,
  protocolVersion,
  RefusedReason,
  shipRadius,
  silenceMax,
  SteerBit,
  ticksPerSecond,
} from '../../../demos/arena/shared/constants.ts'
import { type LoggedEvent, type ServerMessage } from '../../../demos/arena/shared/serverMessages.ts'
import { spec } from '../../spec.ts'
import { ArenaStage, type MessageOf, type StagePlayer } from './ArenaStage.ts'

/** Puts a player's ship somewhere, at rest. */
function put({ arena }: ArenaStage, { id }: StagePlayer, x: number, y: number): void {
  const { Position, Velocity } = arena.world.components
  const entity = entityOf(arena.world, id)!
  Position.x[entity] = x
  Position.y[entity] = y
  Velocity.x[entity] = 0
  Velocity.y[entity] = 0
}

/** The server's ship of a player. */
function shipOf({ arena }: ArenaStage, { id }: StagePlayer): EntityId | undefined {
  const ship = entityOf(arena.world, id)
  return ship !== undefined && arena.players.has(ship) ? ship : undefined
}

function nameOf(stage: ArenaStage, player: StagePlayer): string | undefined {
  return stage.arena.world.components.Player.name[shipOf(stage, player)!]
}

function isSteer({ bytes }: LoggedEvent): boolean {
  return bytes[0] === 2
}

function isForgedNotice(message: ServerMessage): boolean {
  return message.kind === 'said' && message.text === 'Ann has left'
}

/** How many events of steering a player was shown. */
function steered({ heard }: StagePlayer): number {
  return heard.flatMap((message) => (message.kind === 'log' ? message.events.filter(isSteer) : []))
    .length
}

/** A message that ends behind its kind, as it is written. */
function nonsense(): never {
  const kinds = ['steer']
  return {
    get kind() {
      return kinds.pop() ?? 'none'
    },
  } as never
}

spec('the arena: who plays', (it) => {
  it('lets players in over TCP, UDP and WebSocket, and shows them to each other', () =>
    ArenaStage.with(async (stage) => {
      const all = [await stage.tcp(), await stage.udp(), await stage.ws()]
      for (const [index, one] of all.entries()) await one.joins(`Player ${index}`)
      await stage.until(() => all.every(({ ships }) => ships.length === 3))
      const types = [SocketType.tcp, SocketType.udp, SocketType.ws]
      for (const viewer of [all[0]!, all[2]!]) {
        const shown = all.map((_one, index) => viewer.shipOf(`Player ${index}`)!)
        assert.equal(
          shown.map(({ socketType }) => socketType),
          types,
        )
        assert.is(new Set(shown.map(({ hue }) => hue)).size, 3)
      }
      const ids = all.map(({ id }) => id)
      assert.is(all[1]!.ships[0]!.player, all[1]!.id, 'the own one first')
      assert.equal(new Set(all[1]!.ships.map(({ player }) => player)), new Set(ids))
      assert.equal(
        all.map((one) => nameOf(stage, one)),
        all.map((_one, index) => `Player ${index}`),
      )
    }))

  it('shows the game to those who have not joined', () =>
    ArenaStage.with(async (stage) => {
      const [one, onlooker] = [await stage.tcp(), await stage.ws()]
      await one.joins('Ann')
      await stage.until(() => onlooker.shipOf('Ann') !== undefined)
      assert.is(onlooker.ships.length, 1)
      assert.not(onlooker.isShown)
    }))

  it('shows the game in small messages to those who play over TCP without replication', () =>
    ArenaStage.with(async (stage) => {
      const [one, near, far] = [await stage.tcp(false), await stage.tcp(), await stage.ws()]
      for (const [index, each] of [one, near, far].entries()) await each.joins(`Player ${index}`)
      await stage.until(() => one.ships.length === 3 && one.gems.length === gemCount)
      assert.is(one.line.look().me!.player, one.id)
      Object.assign(stage.arena, { sight: 250 })
      for (const [index, each] of [one, near, far].entries())
        put(stage, each, 300 + index * 200, 450)
      await stage.until(() => one.ships.length === 2)
      assert.equal(
        one.ships.map(({ player }) => player),
        [one.id, near.id],
      )
      assert.not(near.heard.some(({ kind }) => kind === 'sight'))
    }))

  it('sends nothing but a number to prove to an address that has not proved to be its own', () =>
    ArenaStage.with(async (stage) => {
      const one = await stage.udp()
      for (const proof of [0, 1]) {
        one.line.send({ kind: 'join', version: protocolVersion, proof, name: 'Eve' })
        await one.hears('prove')
      }
      stage.tick(ticksPerSecond)
      assert.is(stage.arena.players.count, 0)
      assert.equal([...new Set(one.heard.map(({ kind }) => kind))], ['prove'])
    }))

  it('lets nobody in with the proof of another address', () =>
    ArenaStage.with(async (stage) => {
      const [one, other] = [await stage.udp(), await stage.udp()]
      one.line.send({ kind: 'join', version: protocolVersion, proof: 0, name: 'Ann' })
      const { token } = await one.hears('prove')
      other.line.send({ kind: 'join', version: protocolVersion, proof: token, name: 'Eve' })
      assert.is.not((await other.hears('prove')).token, token)
      assert.is(stage.arena.players.count, 0)
    }))

  it('refuses a page of another version, and tells it so', () =>
    ArenaStage.with(async (stage) => {
      const one = await stage.ws()
      one.line.send({ kind: 'join', version: protocolVersion + 1, proof: 0, name: 'Old' })
      const { reason, text } = await one.hears('refused')
      assert.is(reason, RefusedReason.otherVersion)
      assert.match(text, 'Reload')
      assert.is(stage.arena.players.count, 0)
    }))

  it('refuses who comes when the arena is full, until somebody leaves', () =>
    ArenaStage.with(async (stage) => {
      const players: StagePlayer[] = []
      for (let index = 0; index < playersMax; index++) players.push(await stage.tcp())
      for (const one of players) await one.joins('')
      const late = await stage.ws()
      late.line.send({ kind: 'join', version: protocolVersion, proof: 0, name: 'Late' })
      assert.is((await late.hears('refused')).reason, RefusedReason.full)
      players[0]!.close()
      await stage.until(() => !stage.arena.players.isFull)
      await late.joins('Late')
      assert.is(stage.arena.players.count, playersMax)
    }))

  it('names those who have no name, and cleans names', () =>
    ArenaStage.with(async (stage) => {
      const [one, other] = [await stage.tcp(), await stage.tcp()]
      await one.joins(' \u0007 ')
      await other.joins('\u001b[2J A very long name for a ship')
      assert.is(nameOf(stage, one), 'Guest 1')
      assert.is(nameOf(stage, other), '[2J A very long')
    }))

  it('numbers those who have the name of another', () =>
    ArenaStage.with(async (stage) => {
      const names = ['Ann', 'Ann', 'A ship of 16 let', 'A ship of 16 let', 'Ann']
      const all = [await stage.tcp(), await stage.tcp(), await stage.tcp(), await stage.tcp()]
      all.push(await stage.ws())
      for (const [index, one] of all.entries()) await one.joins(names[index]!)
      assert.equal(
        all.map((one) => nameOf(stage, one)),
        ['Ann', 'Ann 2', 'A ship of 16 let', 'A ship of 16 2', 'Ann 3'],
      )
    }))

  it('takes players out who disconnect, and those over UDP who are silent', () =>
    ArenaStage.with(async (stage) => {
      const [tcp, udp, ws] = [await stage.tcp(), await stage.udp(), await stage.ws()]
      for (const one of [tcp, udp, ws]) await one.joins('X')
      tcp.close()
      await stage.until(() => stage.arena.players.count === 2)
      stage.tick(silenceMax * ticksPerSecond + 2)
      assert.is(shipOf(stage, udp), undefined)
      assert.is(stage.arena.udpPlayers.size, 0)
      await stage.until(() => ws.ships.length === 1)
    }))

  it('disconnects who sends nonsense, tells of it, and nobody else notices', () =>
    ArenaStage.with(async (stage) => {
      const [good, bad] = [await stage.ws(), await stage.tcp()]
      await good.joins('Good')
      await bad.joins('Bad')
      bad.line.send(nonsense())
      await stage.until(() => stage.arena.players.count === 1)
      assert.is(stage.lines.length, 1)
      assert.match(stage.lines[0]!, 'no message of this game')
      await stage.until(() => good.ships.length === 1)
      good.line.send({ kind: 'ping', token: 5 })
      assert.is((await good.hears('pong')).token, 5)
    }))

  it('prints a line for many who send nonsense, so that nobody can fill the log', () =>
    ArenaStage.with(async (stage) => {
      const sendNonsense = async (): Promise<void> => {
        const bad = await stage.tcp()
        await bad.joins('Bad')
        bad.line.send(nonsense())
        await stage.until(() => stage.arena.players.count === 0)
      }
      for (let count = 0; count < 5; count++) await sendNonsense()
      assert.is(stage.lines.length, 1)
      stage.tick(10 * ticksPerSecond)
      await sendNonsense()
      assert.is(stage.lines.length, 2)
      assert.match(stage.lines[1]!, 'is disconnected; so were 4 others before')
    }))

  it('ignores nonsense over UDP', () =>
    ArenaStage.with(async (stage) => {
      const one = await stage.udp()
      await one.joins('Ann')
      one.line.send(nonsense())
      one.line.send({ kind: 'ping', token: 6 })
      assert.is((await one.hears('pong')).token, 6)
      assert.is(stage.arena.players.count, 1)
      assert.equal(stage.lines, [])
    }))
})

spec('the arena: the game', (it) => {
  it('moves a ship the way it is steered, until it is let go', () =>
    ArenaStage.with(async (stage) => {
      const one = await stage.ws()
      await one.joins('Ann')
      put(stage, one, 800, 450)
      one.line.send({ kind: 'steer', bits: SteerBit.right })
      await stage.until(() => one.ship!.x > 900)
      assert.is(one.ship!.y, 450)
      one.line.send({ kind: 'steer', bits: 0 })
      await stage.until(() => one.ship!.vx < 1)
    }))

  it('keeps ships in the field, and at rest where they push against a wall', () =>
    ArenaStage.with(async (stage) => {
      const one = await stage.tcp()
      await one.joins('Ann')
      one.line.send({ kind: 'steer', bits: SteerBit.left | SteerBit.up | SteerBit.dash })
      const rest = [shipRadius, shipRadius, 0, 0]
      await stage.until(() => {
        const { x, y, vx, vy } = one.ship!
        assert.ok(x >= shipRadius && y >= shipRadius, `${x} ${y}`)
        return isDeepStrictEqual([x, y, vx, vy], rest)
      })
    }))

  it('gives a point for a gem, and lays new ones', () =>
    ArenaStage.with(async (stage) => {
      const one = await stage.tcp()
      await one.joins('Ann')
      stage.tick(gemCount)
      await stage.until(() => one.gems.length > 0)
      const { x, y } = one.gems[0]!
      const before = one.ship!.score
      put(stage, one, x, y)
      await stage.until(() => one.ship!.score > before)
      await stage.until(() => one.gems.length === gemCount)
      assert.not(one.gems.some((other) => other.x === x && other.y === y))
    }))

  it('takes half of the gems, five at most, from who is dashed into', () =>
    ArenaStage.with(async (stage) => {
      const [one, other] = [await stage.tcp(), await stage.tcp()]
      await one.joins('Ann')
      await other.joins('Bo')
      stage.tick(gemCount)
      const { score } = stage.arena.world.components.Player
      const victim = shipOf(stage, other)!
      score[victim] = 30
      await stage.until(() => one.shipOf('Bo')!.score === 30)
      put(stage, one, 700, 450)
      put(stage, other, 800, 450)
      one.line.send({ kind: 'steer', bits: SteerBit.right | SteerBit.dash })
      await stage.until(() => one.shipOf('Bo')!.score < 30)
      const hit = one.shipOf('Bo')!
      assert.is(hit.score, 25)
      assert.ok(hit.vx > 300, `pushed away, at ${hit.vx}`)
      assert.ok(one.gems.length > gemCount, `${one.gems.length} gems`)
    }))

  it('takes nothing when ships only touch', () =>
    ArenaStage.with(async (stage) => {
      const [one, other] = [await stage.tcp(), await stage.tcp()]
      await one.joins('Ann')
      await other.joins('Bo')
      const { score } = stage.arena.world.components.Player
      const ships = [shipOf(stage, one)!, shipOf(stage, other)!]
      for (const ship of ships) score[ship] = 30
      put(stage, one, 700, 450)
      put(stage, other, 760, 450)
      one.line.send({ kind: 'steer', bits: SteerBit.right })
      await stage.until(() => other.ship!.vx > 0)
      assert.ok(ships.every((ship) => score[ship]! >= 30))
    }))

  it('passes on what is said, made harmless, and not too much of it', () =>
    ArenaStage.with(async (stage) => {
      const [one, other] = [await stage.ws(), await stage.tcp()]
      await one.joins('Ann')
      await other.joins('Bo')
      for (let line = 0; line < 9; line++)
        one.line.send({ kind: 'say', text: `\u001b line ${line} ${'x'.repeat(200)}` })
      one.line.send({ kind: 'say', text: ' \u0007 ' })
      one.line.send({ kind: 'ping', token: 1 })
      await one.hears('pong')
      const said = one.heard.filter((message) => message.kind === 'said')
      assert.equal(
        said.map(({ name, text }) => [name, text.length, text.slice(0, 8)]),
        [0, 1, 2, 3].map((line) => ['Ann', 120, `line ${line} x`]),
      )
      stage.tick(2 * ticksPerSecond)
      one.line.send({ kind: 'say', text: 'again' })
      assert.is((await other.hears('said')).text, 'again')
    }))

  it('tells who speaks with what is said, also by one who joins in the same tick', () =>
    ArenaStage.with(async (stage) => {
      const [one, other] = [await stage.ws(), await stage.tcp()]
      await one.joins('Ann')
      other.line.send({ kind: 'join', version: protocolVersion, proof: 0, name: 'Bo' })
      other.line.send({ kind: 'say', text: 'Ann has left' })
      await stage.until(() => one.heard.some(isForgedNotice))
      const said = one.heard.find(isForgedNotice) as MessageOf<'said'>
      assert.is(said.name, 'Bo')
    }))

  it('shows each event once to who begins to watch, whoever watches already', () =>
    ArenaStage.with(async (stage) => {
      const [one, two, other] = [await stage.ws(), await stage.ws(), await stage.tcp()]
      await other.joins('Bo')
      for (const watcher of [one, two]) {
        other.line.send({ kind: 'steer', bits: 3 })
        await stage.until(() => stage.arena.events.all().slice(-1).some(isSteer))
        watcher.line.send({ kind: 'watch', wanted: true })
        await stage.until(() => steered(watcher) > 0)
      }
      stage.tick(ticksPerSecond)
      other.line.send({ kind: 'ping', token: 1 })
      await other.hears('pong')
      assert.equal([steered(one), steered(two)], [2, 2])
    }))

  it('shows its Networking events to who asks for them, until they do not want more', () =>
    ArenaStage.with(async (stage) => {
      const [one, other] = [await stage.ws(), await stage.tcp()]
      await other.joins('Bo')
      one.line.send({ kind: 'watch', wanted: true })
      const { events } = await one.hears('log')
      const join = events.find(({ type, bytes }) => type === 3 && bytes[0] === 1)!
      assert.is(join.ip, '127.0.0.1')
      assert.is(join.size, 9)
      const version = protocolVersion.toString(16).padStart(2, '0')
      assert.is(Buffer.from(join.bytes).toString('hex'), `01${version}00000000426f00`)
      assert.is(events.filter(({ type }) => type === 1).length, 2, 'two connect events')
      other.line.send({ kind: 'steer', bits: 3 })
      await stage.until(() => one.last('log')!.events.some(({ size }) => size === 2))
      one.line.send({ kind: 'watch', wanted: false })
      await stage.until(() => stage.arena.watchers.size === 0)
      one.heard.length = 0
      other.line.send({ kind: 'steer', bits: 1 })
      await stage.until(() => stage.arena.events.all().slice(-1).some(isSteer))
      stage.tick(ticksPerSecond)
      one.line.send({ kind: 'ping', token: 1 })
      await stage.until(() => one.last('pong') !== undefined)
      assert.is(one.last('log'), undefined)
    }))
})
