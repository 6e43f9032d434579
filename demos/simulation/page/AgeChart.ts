import { type Theme } from '../../arena/page/Theme.ts'

/** How many moments are shown: ten seconds of 60 pictures each. */
const momentsMax = 600
/** The scale grows with what it shows, from this on. */
const scaleMsMin = 200

/** Draws how old the newest snapshot is that a player has, over the last seconds. */
export class AgeChart {
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #moments: number[] = []

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas
    this.#context = canvas.getContext('2d')!
  }

  /** Adds the age of now, in milliseconds. */
  add(ageMs: number): void {
    this.#moments.push(ageMs)
    if (this.#moments.length > momentsMax) this.#moments.shift()
  }

  draw(theme: Theme): void {
    const { clientWidth, clientHeight } = this.#canvas
    const ratio = Math.min(window.devicePixelRatio, 2)
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)]
    if (this.#canvas.width !== width) this.#canvas.width = width
    if (this.#canvas.height !== height) this.#canvas.height = height
    const context = this.#context
    context.clearRect(0, 0, width, height)
    const top = Math.max(scaleMsMin, ...this.#moments) * 1.1
    const y = (ageMs: number): number => height - (ageMs / top) * height
    context.strokeStyle = theme.grid
    context.lineWidth = ratio
    context.beginPath()
    const step = top > 1_000 ? 500 : 100
    for (let ms = step; ms < top; ms += step) {
      context.moveTo(0, y(ms))
      context.lineTo(width, y(ms))
    }
    context.stroke()
    const x = (index: number): number =>
      ((momentsMax - this.#moments.length + index) / momentsMax) * width
    context.beginPath()
    context.moveTo(x(0), height)
    for (const [index, ageMs] of this.#moments.entries()) context.lineTo(x(index), y(ageMs))
    context.lineTo(width, height)
    context.closePath()
    context.fillStyle = theme.accent
    context.globalAlpha = 0.25
    context.fill()
    context.globalAlpha = 1
    context.strokeStyle = theme.accent
    context.lineWidth = 1.5 * ratio
    context.stroke()
  }
}
