// The laboratory: the arena's server, its bots and two players in this tab, over a network in memory that can be made bad.
import { createWorld } from 'bitecs'
import { entityOf, netIdOf } from 'bitecs-networking/replication'
import { createMemoryNetwork } from 'bitecs-networking/simulation'
import { Bot } from '../../arena/bots/Bot.ts'
import { createUdpLine } from '../../arena/bots/createUdpLine.ts'
import { element } from '../../arena/page/element.ts'
import { Painter } from '../../arena/page/Painter.ts'
import { followTheme, type Theme } from '../../arena/page/Theme.ts'
import { tickArena } from '../../arena/server/tickArena.ts'
import { shipRadius, ticksPerSecond } from '../../arena/shared/constants.ts'
import { type ShipState } from '../../arena/shared/picture.ts'
import { type ServerMessage } from '../../arena/shared/serverMessages.ts'
import { AgeChart } from './AgeChart.ts'
import { Bench } from './Bench.ts'
import { LabPlayer } from './LabPlayer.ts'
import { openArena, ports } from './openArena.ts'
import { serverScene } from './serverScene.ts'
import { type Label } from './SightPlayback.ts'
import { Steering } from './Steering.ts'

const stepMs = 1_000 / ticksPerSecond
/** More ticks are not caught up with, after the page was hidden. */
const ticksAtOnceMax = 30
/** The texts change so often. */
const readingsMs = 250
/** Ships are drawn larger than they are in small pictures. */
const ringRadius = 1.3 * shipRadius
/** Pictures show the whole field, however small they are. */
const scaleMin = 0

const network = createMemoryNetwork()
const arena = openArena(network)
const bots = ['Ada', 'Grace', 'Alan'].map((name) => {
  const bot = new Bot(name, false, Math.random)
  const hear = (message: ServerMessage): void => bot.hear(message)
  const world = createWorld()
  network.join(world)
  bot.play(createUdpLine(ports.udp, hear, world))
  return bot
})

const canvasOf = (id: string): HTMLCanvasElement => element(id) as HTMLCanvasElement
const views = ['ann', 'bo'].map((id) => {
  const player = new LabPlayer(network, id === 'ann' ? 'Ann' : 'Bo', labelOf)
  const canvas = canvasOf(`${id}-field`)
  return {
    id,
    player,
    bench: new Bench(id, player),
    context: canvas.getContext('2d')!,
    canvas,
    painter: new Painter(canvas, scaleMin),
    chart: new AgeChart(canvasOf(`${id}-age`)),
  }
})
const serverPainter = new Painter(canvasOf('server-field'), scaleMin)
const steering = new Steering(views.map(({ canvas }) => canvas))
const calm = window.matchMedia('(prefers-reduced-motion: reduce)')

let theme: Theme | undefined
let tickedMs = performance.now()
let readMs = 0

/** What a ship is called, from the server in this tab. */
function labelOf(netId: number): Label {
  const { name, hue, socketType } = arena.world.components.Player
  const ship = entityOf(arena.world, netId) ?? 0
  return { name: name[ship] ?? '', hue: hue[ship] ?? 0, socketType: socketType[ship] ?? 0 }
}

/** The server and its bots live through the time up to now, in whole ticks. */
function runServer(now: number): void {
  tickedMs = Math.max(tickedMs, now - ticksAtOnceMax * stepMs)
  for (; tickedMs + stepMs <= now; tickedMs += stepMs) {
    tickArena(arena)
    for (const bot of bots) bot.tick()
  }
}

function frame(): void {
  const now = performance.now()
  runServer(now)
  for (const [index, { player }] of views.entries()) player.tick(now, steering.bitsOf(index))
  const truth = serverScene(arena, now, calm.matches)
  serverPainter.draw(truth)
  for (const view of views) draw(view, truth.ships, now)
  if (now - readMs >= readingsMs) {
    readMs = now
    for (const view of views) read(view)
    element('lost').textContent = network.lostPackets.toLocaleString('en')
    element('travelling').textContent = String(network.onTheirWay)
  }
  requestAnimationFrame(frame)
}

function draw(
  { player, painter, context, chart }: (typeof views)[number],
  truth: readonly ShipState[],
  now: number,
): void {
  const { ships, gems } = player.pictureAt(now)
  player.effects.watch(ships, player.me, now)
  const { me } = player
  const effects = player.effects.all()
  painter.draw({ ships, gems, effects, me, now, isCalm: calm.matches })
  if (theme === undefined) return
  drawTruth(context, theme, ships, truthFor(player, truth))
  chart.add(ageOf(player))
  chart.draw(theme)
}

/** The ships of the server by what they are known by in a player's pictures; without those that it does not have. */
function truthFor(viewer: LabPlayer, truth: readonly ShipState[]): ShipState[] {
  return truth.flatMap((ship) => {
    const player = viewer.playerOf(netIdOf(arena.world, ship.player))
    return player === undefined ? [] : [{ ...ship, player }]
  })
}

/** Rings where the server has the ships that are seen elsewhere. The painter has left the units of the field. */
function drawTruth(
  context: CanvasRenderingContext2D,
  { ink }: Theme,
  seen: readonly ShipState[],
  truth: readonly ShipState[],
): void {
  context.strokeStyle = ink
  context.lineWidth = 4
  context.setLineDash([10, 8])
  context.globalAlpha = 0.55
  for (const { player, x, y } of truth) {
    const ship = seen.find((other) => other.player === player)
    if (ship === undefined || Math.hypot(ship.x - x, ship.y - y) < shipRadius / 2) continue
    context.beginPath()
    context.arc(x, y, ringRadius, 0, 2 * Math.PI)
    context.moveTo(ship.x, ship.y)
    context.lineTo(x, y)
    context.stroke()
  }
  context.globalAlpha = 1
  context.setLineDash([])
}

/** How old the newest snapshot is, in milliseconds. */
function ageOf({ newestTick }: LabPlayer): number {
  return newestTick === undefined ? 0 : (arena.tick - newestTick) * stepMs
}

function read({ id, player }: (typeof views)[number]): void {
  const roundTrip = player.roundTripMs
  element(`${id}-round-trip`).textContent =
    roundTrip === undefined ? '–' : `${Math.round(roundTrip)} ms`
  element(`${id}-snapshot`).textContent = `${Math.round(ageOf(player))} ms`
  element(`${id}-state`).textContent = player.me === undefined ? 'joining…' : ''
}

followTheme((next) => {
  theme = next
  serverPainter.theme = next
  for (const { painter } of views) painter.theme = next
})
// For the curious, at the browser's console.
Object.assign(window, {
  laboratory: { network, arena, players: views.map(({ player }) => player) },
})
requestAnimationFrame(frame)
