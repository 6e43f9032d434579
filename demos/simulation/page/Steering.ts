// What people hold down: keys of two players on one keyboard, or a finger on a player's picture.
import { bitsOfStick } from '../../arena/page/keys.ts'
import { SteerBit } from '../../arena/shared/constants.ts'

const { up, down, left, right, dash } = SteerBit
const deadZone = 10

/** The keys of each player, by their place on the keyboard (`KeyboardEvent.code`). */
const keys: readonly Readonly<Record<string, number>>[] = [
  { KeyW: up, KeyS: down, KeyA: left, KeyD: right, Space: dash },
  { ArrowUp: up, ArrowDown: down, ArrowLeft: left, ArrowRight: right, Enter: dash },
]

export class Steering {
  readonly #keys = new Set<string>()
  readonly #fingers: number[]

  /** @param canvases the picture of each player: a finger on it steers from its middle */
  constructor(canvases: readonly HTMLCanvasElement[]) {
    this.#fingers = canvases.map(() => 0)
    window.addEventListener('keydown', (event) => this.#keyDown(event))
    window.addEventListener('keyup', ({ code }) => this.#keys.delete(code))
    // A key that is let go elsewhere is never heard of.
    window.addEventListener('blur', () => this.#keys.clear())
    for (const [index, canvas] of canvases.entries()) this.#listenTo(canvas, index)
  }

  /** What is held down for a player, as `SteerBit`s. */
  bitsOf(player: number): number {
    let bits = this.#fingers[player] ?? 0
    for (const [code, bit] of Object.entries(keys[player] ?? {}))
      if (this.#keys.has(code)) bits |= bit
    return bits
  }

  #keyDown(event: KeyboardEvent): void {
    const { target, code } = event
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (target instanceof HTMLElement && target.matches('input, select, a')) return
    if (!keys.some((own) => Object.hasOwn(own, code))) return
    this.#keys.add(code)
    // The page would scroll.
    event.preventDefault()
  }

  #listenTo(canvas: HTMLCanvasElement, index: number): void {
    const move = ({ clientX, clientY }: PointerEvent): void => {
      const { left, top, width, height } = canvas.getBoundingClientRect()
      this.#fingers[index] = bitsOfStick(
        clientX - left - width / 2,
        clientY - top - height / 2,
        deadZone,
      )
    }
    canvas.addEventListener('pointerdown', (event) => {
      // Pointers that a script made cannot be captured.
      if (event.isTrusted) canvas.setPointerCapture(event.pointerId)
      move(event)
    })
    canvas.addEventListener('pointermove', (event) => {
      if (event.buttons !== 0) move(event)
    })
    for (const type of ['pointerup', 'pointercancel'] as const)
      canvas.addEventListener(type, () => (this.#fingers[index] = 0))
  }
}
