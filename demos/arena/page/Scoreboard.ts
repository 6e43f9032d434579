import { SocketType } from 'bitecs-networking'
import { type ShipState } from '../shared/picture.ts'

const typeNames: Readonly<Record<number, string>> = {
  [SocketType.tcp]: 'TCP',
  [SocketType.udp]: 'UDP',
  [SocketType.ws]: 'WebSocket',
}

type Row = Pick<ShipState, 'player' | 'name' | 'hue' | 'socketType' | 'score'> & {
  readonly isMe: boolean
}

/** The list of players, best first. It changes only where something has changed. */
export class Scoreboard {
  readonly #list: HTMLElement
  #shown = ''

  constructor(list: HTMLElement) {
    this.#list = list
  }

  show(ships: readonly ShipState[], me: number | undefined): void {
    const sorted = ships.toSorted((a, b) => b.score - a.score || a.player - b.player)
    const rows = sorted.map(({ player, name, hue, socketType, score }): Row => {
      return { player, name, hue, socketType, score, isMe: player === me }
    })
    const shown = JSON.stringify(rows)
    if (shown === this.#shown) return
    this.#shown = shown
    this.#list.replaceChildren(...rows.map(elementOf))
  }
}

function elementOf({ player, name, hue, socketType, score, isMe }: Row): Element {
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
