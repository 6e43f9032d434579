import { NetworkType } from 'bitecs-networking'
import { type LoggedEvent } from '../shared/serverMessages.ts'
import { element } from './element.ts'

const rowsMax = 50

const typeNames = new Map<number, string>(
  Object.entries(NetworkType).map(([name, value]) => [value, name]),
)

/** The server's Networking events, newest first. Folded away, it asks the server for nothing. */
export class EventTable {
  readonly #details = element('events') as HTMLDetailsElement
  readonly #body = this.#details.querySelector('tbody')!

  constructor(watch: (isOpen: boolean) => void) {
    this.#details.addEventListener('toggle', () => {
      this.#body.replaceChildren()
      watch(this.isOpen)
    })
  }

  get isOpen(): boolean {
    return this.#details.open
  }

  add(events: readonly LoggedEvent[]): void {
    if (!this.isOpen) return
    for (const event of events) this.#body.prepend(rowOf(event))
    while (this.#body.childElementCount > rowsMax) this.#body.lastElementChild?.remove()
  }
}

function rowOf({ tick, type, id, ip, port, size, bytes }: LoggedEvent): Element {
  const row = document.createElement('tr')
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const isData = type === NetworkType.data
  const cells = [
    String(tick),
    typeNames.get(type) ?? String(type),
    String(id),
    ip,
    String(port),
    isData ? String(size) : '',
    size > bytes.length ? `${hex} …` : hex,
  ]
  for (const text of cells) {
    const cell = document.createElement('td')
    cell.textContent = text
    row.append(cell)
  }
  row.className = typeNames.get(type) ?? ''
  return row
}
