import { element, inputElement } from './element.ts'

const linesMax = 100

/** The chat's log and its input. */
export class Chat {
  readonly #log = element('chat-log')
  readonly #input = inputElement('chat-text')

  constructor(say: (text: string) => void) {
    element('chat-form').addEventListener('submit', (event) => {
      event.preventDefault()
      const text = this.#input.value.trim()
      if (text !== '') say(text)
      this.#input.value = ''
      this.#leave()
    })
    this.#input.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#leave()
    })
    window.addEventListener('keydown', (event) => {
      const isElsewhere = event.target === document.body || event.target === element('field')
      if (event.key !== 'Enter' || !isElsewhere || document.body.dataset['state'] !== 'playing')
        return
      event.preventDefault()
      this.#input.focus()
    })
  }

  /** Adds a line. `name` is `undefined` for what the server says. */
  add(name: string | undefined, text: string, hue: number): void {
    const line = document.createElement('p')
    if (name === undefined) line.className = 'server'
    else {
      const who = document.createElement('b')
      who.style.setProperty('--hue', String(hue))
      who.textContent = name
      line.append(who, ' ')
    }
    line.append(text)
    const isAtEnd = this.#log.scrollTop + this.#log.clientHeight >= this.#log.scrollHeight - 8
    this.#log.append(line)
    if (this.#log.childElementCount > linesMax) this.#log.firstElementChild?.remove()
    if (isAtEnd) this.#log.scrollTop = this.#log.scrollHeight
  }

  /** Back to the field: the keys steer again. */
  #leave(): void {
    this.#input.blur()
    element('field').focus({ preventScroll: true })
  }
}
