// The arena's page: a client of the server in a browser.
import { InterpolationSystem } from 'bitecs-networking/replication'
import { protocolVersion, RefusedReason } from '../shared/constants.ts'
import { type ShipState, shownPicture } from '../shared/picture.ts'
import { type ServerMessage } from '../shared/serverMessages.ts'
import { Chat } from './Chat.ts'
import { Connection } from './Connection.ts'
import { Controls } from './Controls.ts'
import { Effects } from './Effects.ts'
import { element } from './element.ts'
import { EventTable } from './EventTable.ts'
import { LineSwitch } from './LineSwitch.ts'
import { NameForm } from './NameForm.ts'
import { Painter } from './Painter.ts'
import { Pings } from './Pings.ts'
import { Prediction } from './Prediction.ts'
import { Scoreboard } from './Scoreboard.ts'
import { showState } from './showState.ts'
import { followTheme } from './Theme.ts'

/** How often a hidden page, which draws nothing, looks what has arrived. */
const hiddenMs = 250

const prediction = new Prediction()
const effects = new Effects()
const pings = new Pings((token) => connection.send({ kind: 'ping', token }))
const controls = new Controls()
const painter = new Painter(element('field') as HTMLCanvasElement)
const scoreboard = new Scoreboard(element('scores'))
const chat = new Chat((text) => connection.send({ kind: 'say', text }))
const events = new EventTable((wanted) => connection.send({ kind: 'watch', wanted }))
const nameForm = new NameForm((name) => join(name))
const lineSwitch = new LineSwitch(changeLine)
const calm = window.matchMedia('(prefers-reduced-motion: reduce)')

let isPlaying = false
/** The own ship, as the server has it. */
let own: ShipState | undefined
/** The ships as they were drawn last. */
let ships: readonly ShipState[] = []
/** What the server was told last. */
let sentBits = 0
/** The page is too old for this server. */
let isOutdated = false

const { protocol, host } = window.location
const connection = new Connection(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/arena`, {
  connected() {
    sentBits = 0
    if (events.isOpen) connection.send({ kind: 'watch', wanted: true })
    if (nameForm.name !== '') join(nameForm.name)
    else if (!isOutdated) askName('Choose a name to play.')
  },
  lost() {
    leave()
    if (isOutdated) return
    const whenBack = 'You are offline. Trying again when the network is back.'
    showState('lost', navigator.onLine ? 'Connection lost. Trying again…' : whenBack)
  },
  hear,
  outdated,
})

function join(name: string): void {
  connection.send({ kind: 'join', version: protocolVersion, proof: 0, name })
}

function leave(): void {
  isPlaying = false
  prediction.forget()
  pings.clear()
  element('latency').textContent = '–'
}

function changeLine(): void {
  connection.setLine(lineSwitch.name)
  // What was measured is of another line.
  pings.clear()
  element('latency').textContent = '–'
}

function hear(message: ServerMessage): void {
  const now = performance.now()
  switch (message.kind) {
    case 'welcome':
      isPlaying = true
      showState('playing', `You play as ${nameForm.name}.`)
      element('field').focus({ preventScroll: true })
      break
    case 'said':
      chat.add(message.name || undefined, message.text, message.hue)
      break
    case 'pong':
      pings.answered(message.token, now)
      element('latency').textContent = `${Math.round(pings.roundTripMs ?? 0)} ms`
      break
    case 'log':
      events.add(message.events)
      break
    case 'refused':
      refuse(message.reason, message.text)
      break
    // Pages get neither.
    case 'sight':
    case 'prove':
  }
}

/** The page is too old for this server. */
function outdated(text = 'This page is of another version of the game. Reload it.'): void {
  isOutdated = true
  showState('refused', text)
}

function refuse(reason: number, text: string): void {
  if (reason === RefusedReason.otherVersion) outdated(text)
  else {
    nameForm.forget()
    askName(text, true)
  }
}

function askName(words: string, areImportant = false): void {
  showState('naming', words, areImportant)
  nameForm.focus()
}

/** What is due with the server: in each frame, and now and then in a hidden page. */
function exchange(now: number): void {
  const isNew = connection.tick()
  own = isPlaying ? connection.ownShip : undefined
  if (isNew && own !== undefined) prediction.correct(own, now, pings.roundTripMs ?? 0)
  const bits = isPlaying ? controls.bits : 0
  if (bits !== sentBits) {
    connection.send({ kind: 'steer', bits })
    sentBits = bits
  }
  pings.tick(now)
}

function frame(): void {
  const now = performance.now()
  exchange(now)
  prediction.bits = sentBits
  prediction.run(now)
  InterpolationSystem(connection.world)
  const { gems, ships: sent } = shownPicture(connection.world)
  const me = own?.player
  // The player's own where it is predicted to be.
  ships = sent.map((ship) => (ship.player === me ? prediction.show(ship) : ship))
  effects.watch(ships, me, now)
  painter.draw({ ships, gems, effects: effects.all(), me, now, isCalm: calm.matches })
  scoreboard.show(ships, me)
  const count = connection.isConnected ? String(ships.length) : '–'
  if (element('count').textContent !== count) element('count').textContent = count
  requestAnimationFrame(frame)
}

followTheme((theme) => (painter.theme = theme))
element('reload').addEventListener('click', () => window.location.reload())
window.addEventListener('online', () => void connection.connect())
setInterval(() => {
  if (document.hidden) exchange(performance.now())
}, hiddenMs)
// For the curious, at the browser's console.
Object.assign(window, {
  arena: {
    me: () => playersNow().find(({ id }) => id === own?.player),
    players: playersNow,
  },
})

interface ShownPlayer {
  id: number
  name: string
  x: number
  y: number
  /** In units a second. */
  speed: number
  score: number
}

function playersNow(): ShownPlayer[] {
  return ships.map(({ player, name, x, y, vx, vy, score }) => {
    return { id: player, name, x, y, speed: Math.hypot(vx, vy), score }
  })
}

changeLine()
void connection.connect()
requestAnimationFrame(frame)
