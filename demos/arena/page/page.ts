// The arena's page: a client of the server in a browser.
import { protocolVersion, RefusedReason } from '../shared/constants.ts'
import { type RosterEntry, type ServerMessage, type ShipState } from '../shared/serverMessages.ts'
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
import { Snapshots } from './Snapshots.ts'
import { showState } from './showState.ts'
import { followTheme } from './Theme.ts'

/** How often a hidden page, which draws nothing, looks what has arrived. */
const hiddenMs = 250

const roster = new Map<number, RosterEntry>()
const snapshots = new Snapshots()
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

let me: number | undefined
/** What the server was told last. */
let sentBits = 0
/** The page is too old for this server. */
let isOutdated = false

const { protocol, host } = window.location
const connection = new Connection(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/arena`, {
  connected() {
    snapshots.clear()
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
})

function join(name: string): void {
  connection.send({ kind: 'join', version: protocolVersion, proof: 0, name })
}

function leave(): void {
  me = undefined
  prediction.forget()
  pings.clear()
  for (const id of ['count', 'latency']) element(id).textContent = '–'
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
      me = message.player
      showState('playing', `You play as ${nameForm.name}.`)
      element('field').focus({ preventScroll: true })
      break
    case 'snapshot': {
      snapshots.add(message, now)
      const ship = message.ships.find(({ player }) => player === me)
      if (ship !== undefined) prediction.correct(ship, now, pings.roundTripMs ?? 0)
      break
    }
    case 'roster':
      roster.clear()
      for (const entry of message.entries) roster.set(entry.player, entry)
      element('count').textContent = String(roster.size)
      break
    case 'said': {
      // Only player 0 is the server, whoever is not in the roster.
      const { name = 'Somebody', hue = 0 } = roster.get(message.player) ?? {}
      chat.add(message.player === 0 ? undefined : name, message.text, hue)
      break
    }
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
    case 'prove':
  }
}

function refuse(reason: number, text: string): void {
  if (reason === RefusedReason.otherVersion) {
    isOutdated = true
    showState('refused', text)
  } else {
    nameForm.forget()
    askName(text, true)
  }
}

function askName(words: string, areImportant = false): void {
  showState('naming', words, areImportant)
  nameForm.focus()
}

/** The ships as they are to be seen now, the player's own where it is predicted to be. */
function shipsAt(now: number): ShipState[] {
  return snapshots.ships(now).map((ship) => (ship.player === me ? prediction.show(ship) : ship))
}

/** What is due with the server: in each frame, and now and then in a hidden page. */
function exchange(now: number): void {
  connection.tick()
  const bits = me === undefined ? 0 : controls.bits
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
  const ships = shipsAt(now)
  effects.watch(ships, me, now)
  painter.draw({
    ships,
    gems: snapshots.gems(now),
    roster,
    effects: effects.all(),
    me,
    now,
    isCalm: calm.matches,
  })
  scoreboard.show(snapshots.newest?.ships ?? [], roster, me)
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
    me: () => playersNow().find(({ id }) => id === me),
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
  return shipsAt(performance.now()).map(({ player, x, y, vx, vy, score }) => {
    const name = roster.get(player)?.name ?? ''
    return { id: player, name, x, y, speed: Math.hypot(vx, vy), score }
  })
}

changeLine()
void connection.connect()
requestAnimationFrame(frame)
