import { fieldHeight, fieldWidth } from '../shared/constants.ts'

/** What of the field a canvas shows: `scale` pixels a unit, with the unit `x`, `y` in its top left corner. */
export interface Camera {
  readonly scale: number
  readonly x: number
  readonly y: number
}

/** A ship is too small to play with below this. */
const playScaleMin = 0.56

/** Shows the whole field where that is large enough to play, and otherwise what is around a place, without what is outside. */
export function cameraFor(
  width: number,
  height: number,
  around: { readonly x: number; readonly y: number },
  scaleMin: number = playScaleMin,
): Camera {
  const whole = Math.min(width / fieldWidth, height / fieldHeight)
  const scale = Math.max(whole, scaleMin)
  return {
    scale,
    x: edge(around.x, width / scale, fieldWidth),
    y: edge(around.y, height / scale, fieldHeight),
  }
}

/** Where the view begins: around its place, but inside of the field, or with the field in its middle. */
function edge(place: number, seen: number, size: number): number {
  if (seen >= size) return (size - seen) / 2
  return Math.min(Math.max(place - seen / 2, 0), size - seen)
}
