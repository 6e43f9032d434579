import { SocketType } from 'bitecs-networking'
import { type RosterEntry, type ShipState } from '../shared/serverMessages.ts'

const typeNames: Readonly<Record<number, string>> = {
  [SocketType.tcp]: 'TCP',
  [SocketType.udp]: 'UDP',
  [SocketType.ws]: 'WebSocket',
}

/** The list of players, best first. It changes only where something has changed. */
export class Scoreboard {
  readonly #list: HTMLElement
  #shown = ''

  constructor(list: HTMLElement) {
    this.#list = list
  }

  show(
    ships: readonly ShipState[],
    roster: ReadonlyMap<number, RosterEntry>,
    me: number | undefined,
  ): void {
    const scores = new Map(ships.map(({ player, score }) => [player, score]))
    const rows = Array.from(roster.values(), (entry) => ({
      entry,
      score: scores.get(entry.player) ?? 0,
      isMe: entry.player === me,
    })).sort((a, b) => b.score - a.score || a.entry.player - b.entry.player)
    const shown = JSON.stringify(rows)
    if (shown === this.#shown) return
    this.#shown = shown
    this.#list.replaceChildren(...rows.map(({ entry, score, isMe }) => rowOf(entry, score, isMe)))
  }
}

function rowOf(
  { player, hue, socketType, name }: RosterEntry,
  score: number,
  isMe: boolean,
): Element {
  const row = document.createElement('li')
  row.dataset['player'] = String(player)
  if (isMe) row.setAttribute('aria-current', 'true')
  const dot = document.createElement('i')
  dot.style.setProperty('--hue', String(hue))
  row.append(
    dot,
    part('name', name),
    part('kind', typeNames[socketType] ?? ''),
    part('score', String(score)),
  )
  return row
}

function part(name: string, text: string): Element {
  const span = document.createElement('span')
  span.className = name
  span.textContent = text
  return span
}
