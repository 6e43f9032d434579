// Keyboard and touch: what the player holds down.
import { SteerBit } from '../shared/constants.ts'
import { bitOfKey, bitsOfKeys, bitsOfStick } from './keys.ts'
import { element } from './element.ts'

const deadZone = 12
/** How far the knob of the stick moves. */
const reach = 38

export class Controls {
  readonly #keys = new Set<string>()
  #stick = 0
  #dash = 0

  constructor() {
    window.addEventListener('keydown', (event) => this.#keyDown(event))
    window.addEventListener('keyup', ({ code }) => this.#keys.delete(code))
    // A key that is let go elsewhere is never heard of.
    window.addEventListener('blur', () => this.#keys.clear())
    this.#listenToStick(element('stick'))
    this.#listenToDash(element('dash'))
  }

  /** `SteerBit`s. */
  get bits(): number {
    return bitsOfKeys(this.#keys) | this.#stick | this.#dash
  }

  #keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isForElement(event)) return
    if (bitOfKey(event.code) === 0) return
    this.#keys.add(event.code)
    // The page would scroll.
    event.preventDefault()
  }

  #listenToStick(stick: HTMLElement): void {
    const knob = stick.querySelector('span')!
    const move = (event: PointerEvent): void => {
      const { left, top, width, height } = stick.getBoundingClientRect()
      const [dx, dy] = [event.clientX - left - width / 2, event.clientY - top - height / 2]
      this.#stick = bitsOfStick(dx, dy, deadZone)
      const scale = Math.min(reach / Math.max(Math.hypot(dx, dy), 1), 1)
      knob.style.transform = `translate(${dx * scale}px, ${dy * scale}px)`
    }
    const end = (): void => {
      this.#stick = 0
      knob.style.transform = ''
    }
    stick.addEventListener('pointerdown', (event) => {
      // Pointers that a script made cannot be captured.
      if (event.isTrusted) stick.setPointerCapture(event.pointerId)
      move(event)
    })
    stick.addEventListener('pointermove', (event) => {
      if (event.buttons !== 0 || event.pointerType === 'touch') move(event)
    })
    for (const type of ['pointerup', 'pointercancel'] as const) stick.addEventListener(type, end)
  }

  #listenToDash(button: HTMLElement): void {
    const set = (bits: number) => (): void => {
      this.#dash = bits
      button.classList.toggle('held', bits !== 0)
    }
    button.addEventListener('pointerdown', set(SteerBit.dash))
    for (const type of ['pointerup', 'pointercancel', 'pointerleave'] as const)
      button.addEventListener(type, set(0))
  }
}

/** Whether a key is meant for what has the focus: a text to type, or a button to press. */
function isForElement({ target, code }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.matches('input, textarea, select')) return true
  return code === 'Space' && target.matches('button, summary')
}
