import * as assert from 'uvu/assert'
import { Bot } from '../../../demos/arena/bots/Bot.ts'
import { chooseSteering } from '../../../demos/arena/bots/chooseSteering.ts'
import { startBots } from '../../../demos/arena/bots/startBots.ts'
import { portOf } from '../../../demos/arena/server/createArena.ts'
import { SteerBit } from '../../../demos/arena/shared/constants.ts'
import { type Sight } from '../../../demos/arena/bots/Line.ts'
import { mulberry32 } from '../../lib/random.ts'
import { spec } from '../../spec.ts'
import { ArenaStage } from './ArenaStage.ts'

const { up, down, left, right, dash } = SteerBit
type Me = NonNullable<Sight['me']>
const me: Me = { player: 1, x: 500, y: 500, charge: 1, score: 0 }

spec('chooseSteering', (it) => {
  for (const [dx, dy, bits] of [
    [100, 0, right],
    [100, 100, right | down],
    [0, 100, down],
    [-100, 100, left | down],
    [-100, 0, left],
    [-100, -100, left | up],
    [0, -100, up],
    [100, -100, right | up],
  ] as const)
    it(`goes for a gem at ${dx}, ${dy}`, () => {
      const gems = [{ gem: 7, x: me.x + dx, y: me.y + dy }]
      const mind = { gem: 0, courage: 0 }
      assert.is(
        chooseSteering(me, { ships: [me], gems }, mind, () => 0),
        bits,
      )
      assert.is(mind.gem, 7)
    })

  it('stays with its gem while that is there', () => {
    const gems = [
      { gem: 1, x: me.x + 10, y: me.y },
      { gem: 2, x: me.x - 200, y: me.y },
    ]
    assert.is(
      chooseSteering(me, { ships: [me], gems }, { gem: 2, courage: 0 }, () => 0),
      left,
    )
  })

  it('does nothing where nothing is', () => {
    assert.is(
      chooseSteering(me, { ships: [me], gems: [] }, { gem: 3, courage: 1 }, () => 0),
      0,
    )
  })

  it('dashes into a near ship that has gems, when it is charged and brave', () => {
    const rich: Me = { ...me, player: 2, y: 400, score: 1 }
    const mind = { gem: 0, courage: 0.5 }
    const steer = (ship: Me, prey: Me, luck: number): number =>
      chooseSteering(ship, { ships: [ship, prey], gems: [] }, mind, () => luck)
    assert.is(steer(me, rich, 0.4), up | dash)
    assert.is(steer(me, rich, 0.6), 0, 'not brave enough')
    assert.is(steer({ ...me, charge: 0.9 }, rich, 0.4), 0, 'not charged')
    assert.is(steer(me, { ...rich, score: 0 }, 0.4), 0, 'nothing to get')
    assert.is(steer(me, { ...rich, y: 200 }, 0.4), 0, 'too far')
  })
})

spec('bots', (it) => {
  it('join over TCP and UDP, collect gems, and greet people', () =>
    ArenaStage.with(async (stage) => {
      const { arena } = stage
      const { tcp, udp } = arena.servers
      const ports = { tcp: portOf(arena, tcp), udp: portOf(arena, udp) }
      const told: string[] = []
      const bots = startBots(4, ports, mulberry32(2), (line) => told.push(line))
      const step = (): void => {
        stage.tick()
        for (const bot of bots) bot.tick()
      }
      try {
        await stage.until(() => (step(), arena.players.count === 4))
        const { score, socketType } = arena.world.components.Player
        const kinds = Array.from(arena.players.all(), (ship) => socketType[ship]!)
        assert.equal(
          kinds.sort((a, b) => a - b),
          [0, 0, 1, 1],
        )
        await stage.until(() => (step(), [...arena.players.all()].some((ship) => score[ship]! > 2)))
        const one = await stage.ws()
        let hasJoined = false
        const joining = one.joins('Ann').then(() => (hasJoined = true))
        await stage.until(() => (step(), hasJoined && one.last('said')?.text === 'Hello, Ann!'))
        await joining
        assert.equal(told, [])
      } finally {
        for (const bot of bots) bot.close()
      }
    }))

  it('join again over UDP when what they sent was lost', () => {
    const sent: string[] = []
    const bot = new Bot('Ada', false, () => 0)
    bot.play({
      tick() {},
      look: () => ({ me: undefined, ships: [], gems: [] }),
      send: ({ kind }) => void sent.push(kind),
      close() {},
    })
    for (let tick = 0; tick < 60; tick++) bot.tick()
    assert.equal(sent, ['join', 'join'])
  })

  it('say that they cannot connect, and stay away', async () => {
    await ArenaStage.with(async (stage) => {
      const told: string[] = []
      const closed = portOf(stage.arena, stage.arena.servers.udp)
      const bots = startBots(1, { tcp: closed, udp: closed }, Math.random, (line) =>
        told.push(line),
      )
      try {
        await stage.until(() => told.length > 0)
        assert.match(told[0]!, /a bot could not connect to 127\.0\.0\.1 \d+: \w+/)
      } finally {
        for (const bot of bots) bot.close()
      }
    })
  })
})
