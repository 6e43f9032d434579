// Draws the field.
import { fieldHeight, fieldWidth, gemRadius, shipRadius } from '../shared/constants.ts'
import { type GemState, type Picture, type ShipState } from '../shared/picture.ts'
import { type Camera, cameraFor } from './camera.ts'
import { type Effect } from './Effects.ts'
import { type Theme } from './Theme.ts'

/** What is to be seen. */
export interface Scene extends Picture {
  readonly effects: readonly Effect[]
  /** The player's own ship. */
  readonly me: number | undefined
  readonly now: number
  readonly isCalm: boolean
}

const gridUnits = 100
const fullTurn = 2 * Math.PI
const hullRadius = shipRadius - 2
/** How far the bow reaches from the middle of a ship. */
const bow = shipRadius + 8
/** Where the lines to the bow leave the hull without a corner. */
const bowAngle = Math.acos(hullRadius / bow)
/** The smallest size of names, in pixels of the page. */
const textPixels = 13
/** Ships are drawn larger than they are where the field is smaller than this. */
const shipScaleMin = 0.42
/** How far names stay from the edges of the field. */
const nameMargin = 6

export class Painter {
  theme: Theme | undefined
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D
  readonly #scaleMin: number | undefined
  #width = 0
  #height = 0
  #pixelRatio = 1
  /** The size of names, in units of the field. */
  #textUnits = 0
  /** How much larger than they are ships are drawn. */
  #magnified = 1
  /** Where ships that stand still look to. */
  readonly #headings = new Map<number, number>()

  /** @param scaleMin below this it shows a part of the field; by default what is large enough to play */
  constructor(canvas: HTMLCanvasElement, scaleMin?: number) {
    this.#canvas = canvas
    this.#scaleMin = scaleMin
    this.#context = canvas.getContext('2d')!
    new ResizeObserver(() => this.#measure()).observe(canvas)
    this.#measure()
  }

  draw(scene: Scene): void {
    const { theme } = this
    if (theme === undefined || this.#width === 0) return
    const me = scene.ships.find(({ player }) => player === scene.me)
    const middle = { x: fieldWidth / 2, y: fieldHeight / 2 }
    const camera = cameraFor(this.#width, this.#height, me ?? middle, this.#scaleMin)
    this.#textUnits = Math.max(textPixels / camera.scale, 17)
    this.#magnified = Math.max(shipScaleMin / camera.scale, 1)
    this.#drawField(theme, camera)
    for (const gem of scene.gems) this.#drawGem(theme, gem, scene)
    for (const effect of scene.effects) this.#drawEffect(theme, effect, scene)
    // Last the own ship: it is never hidden.
    for (const ship of scene.ships) if (ship !== me) this.#drawShip(theme, ship, scene)
    if (me !== undefined) this.#drawShip(theme, me, scene)
  }

  #measure(): void {
    const { width, height } = this.#canvas.getBoundingClientRect()
    this.#width = width
    this.#height = height
    this.#pixelRatio = Math.min(window.devicePixelRatio, 2)
    this.#canvas.width = Math.round(width * this.#pixelRatio)
    this.#canvas.height = Math.round(height * this.#pixelRatio)
  }

  /** Clears all, and sets the transformation for what follows: units of the field. */
  #drawField(theme: Theme, { scale, x, y }: Camera): void {
    const context = this.#context
    const pixels = scale * this.#pixelRatio
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height)
    context.setTransform(pixels, 0, 0, pixels, -x * pixels, -y * pixels)
    context.fillStyle = theme.field
    context.beginPath()
    context.roundRect(0, 0, fieldWidth, fieldHeight, 18)
    context.fill()
    context.strokeStyle = theme.grid
    context.lineWidth = 1.5
    context.beginPath()
    for (let at = gridUnits; at < fieldWidth; at += gridUnits) {
      context.moveTo(at, 0)
      context.lineTo(at, fieldHeight)
    }
    for (let at = gridUnits; at < fieldHeight; at += gridUnits) {
      context.moveTo(0, at)
      context.lineTo(fieldWidth, at)
    }
    context.stroke()
    context.lineWidth = 4
    context.beginPath()
    context.roundRect(2, 2, fieldWidth - 4, fieldHeight - 4, 16)
    context.stroke()
  }

  #drawGem(theme: Theme, { gem, x, y }: GemState, { now, isCalm }: Scene): void {
    const context = this.#context
    const beat = isCalm ? 0 : Math.sin(now / 420 + gem * 1.7)
    const radius = gemRadius * (1.15 + 0.12 * beat)
    context.fillStyle = theme.gem
    context.strokeStyle = theme.gemEdge
    context.lineWidth = 2
    context.beginPath()
    context.moveTo(x, y - radius)
    context.lineTo(x + radius * 0.78, y)
    context.lineTo(x, y + radius)
    context.lineTo(x - radius * 0.78, y)
    context.closePath()
    context.fill()
    context.stroke()
    context.beginPath()
    context.moveTo(x - radius * 0.78, y)
    context.lineTo(x + radius * 0.78, y)
    context.globalAlpha = 0.5
    context.stroke()
    context.globalAlpha = 1
  }

  #drawShip(theme: Theme, ship: ShipState, { me }: Scene): void {
    const context = this.#context
    const { player, name, hue, x, y } = ship
    const isMe = player === me
    const heading = this.#headingOf(ship)
    context.save()
    context.translate(x, y)
    context.scale(this.#magnified, this.#magnified)
    context.translate(-x, -y)
    context.fillStyle = colour(theme.ship, hue)
    context.strokeStyle = colour(theme.shipEdge, hue)
    context.lineWidth = 3
    // A drop: round, with a bow.
    context.beginPath()
    context.arc(x, y, hullRadius, heading + bowAngle, heading - bowAngle + fullTurn)
    context.lineTo(x + Math.cos(heading) * bow, y + Math.sin(heading) * bow)
    context.closePath()
    context.fill()
    context.stroke()
    if (isMe) this.#drawCharge(theme, ship)
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.fillStyle = theme.field
    context.font = `700 ${Math.min(this.#textUnits * 0.95, shipRadius)}px system-ui, sans-serif`
    context.fillText(String(ship.score), x, y + 1)
    context.restore()
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.fillStyle = isMe ? theme.ink : theme.muted
    this.#drawName(name, ship, isMe)
  }

  /** Below the ship, or above it at the bottom of the field; never outside of the field. */
  #drawName(name: string, { x, y }: ShipState, isMe: boolean): void {
    const context = this.#context
    context.font = `${isMe ? 700 : 600} ${this.#textUnits}px system-ui, sans-serif`
    const halfWidth = context.measureText(name).width / 2 + nameMargin
    const away = shipRadius * this.#magnified + this.#textUnits * (isMe ? 1.4 : 0.9)
    const isLow = y + away + this.#textUnits / 2 > fieldHeight
    context.fillText(
      name,
      Math.min(Math.max(x, halfWidth), fieldWidth - halfWidth),
      isLow ? y - away : y + away,
    )
  }

  /** A ring that grows until the ship can dash again. */
  #drawCharge(theme: Theme, { x, y, charge }: ShipState): void {
    const context = this.#context
    const radius = shipRadius + 9
    const top = -Math.PI / 2
    context.lineWidth = 4
    context.strokeStyle = theme.grid
    context.beginPath()
    context.arc(x, y, radius, 0, fullTurn)
    context.stroke()
    context.strokeStyle = theme.accent
    context.beginPath()
    context.arc(x, y, radius, top, top + charge * fullTurn)
    context.stroke()
  }

  #drawEffect(theme: Theme, effect: Effect, { now, isCalm }: Scene): void {
    if (isCalm) return
    const context = this.#context
    const { kind, hue, x, y, begin, durationMs } = effect
    const part = (now - begin) / durationMs
    if (part < 0 || part > 1) return
    context.globalAlpha = (1 - part) * (kind === 'trail' ? 0.28 : 0.9)
    if (kind === 'trail') {
      context.fillStyle = colour(theme.ship, hue)
      context.beginPath()
      context.arc(x, y, shipRadius * (1 - 0.6 * part), 0, fullTurn)
      context.fill()
    } else if (kind === 'ring') {
      context.strokeStyle = colour(theme.ship, hue)
      context.lineWidth = 8 * (1 - part)
      context.beginPath()
      context.arc(x, y, shipRadius + 70 * part, 0, fullTurn)
      context.stroke()
    } else {
      context.fillStyle = theme.ink
      context.textAlign = 'center'
      context.font = '700 20px system-ui, sans-serif'
      context.fillText('+1', x, y - 14 - 26 * part)
    }
    context.globalAlpha = 1
  }

  #headingOf({ player, vx, vy }: ShipState): number {
    const isMoving = Math.hypot(vx, vy) > 12
    const heading = isMoving ? Math.atan2(vy, vx) : (this.#headings.get(player) ?? -Math.PI / 2)
    this.#headings.set(player, heading)
    return heading
  }
}

function colour(lightness: string, hue: number): string {
  return `oklch(${lightness} ${hue})`
}
