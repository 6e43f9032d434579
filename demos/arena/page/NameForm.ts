import { element, inputElement } from './element.ts'

const storageKey = 'arena-name'

/** The form in which a player chooses a name. `?name=` in the address chooses one too. */
export class NameForm {
  /** Empty until one was chosen. */
  name: string
  readonly #input = inputElement('name')

  constructor(join: (name: string) => void) {
    this.name = new URLSearchParams(window.location.search).get('name')?.trim() ?? ''
    this.#input.value = this.name || remembered()
    element('join').addEventListener('submit', (event) => {
      event.preventDefault()
      this.name = this.#input.value.trim() || 'Guest'
      remember(this.name)
      join(this.name)
    })
  }

  /** The name is to be chosen again. */
  forget(): void {
    this.name = ''
  }

  /** Lets somebody type at once. */
  focus(): void {
    this.#input.focus({ preventScroll: true })
  }
}

// A browser may keep nothing for this page, and says so by throwing.

function remembered(): string {
  try {
    return localStorage.getItem(storageKey) ?? ''
  } catch {
    return ''
  }
}

function remember(name: string): void {
  try {
    localStorage.setItem(storageKey, name)
  } catch {
    // It is chosen anew the next time.
  }
}
