import { SteerBit } from '../shared/constants.ts'

const bits: Readonly<Record<string, number>> = {
  ArrowUp: SteerBit.up,
  KeyW: SteerBit.up,
  ArrowDown: SteerBit.down,
  KeyS: SteerBit.down,
  ArrowLeft: SteerBit.left,
  KeyA: SteerBit.left,
  ArrowRight: SteerBit.right,
  KeyD: SteerBit.right,
  Space: SteerBit.dash,
  ShiftLeft: SteerBit.dash,
  ShiftRight: SteerBit.dash,
}

/** What a key steers, by its place on the keyboard (`KeyboardEvent.code`); 0 for other keys. */
export function bitOfKey(code: string): number {
  return Object.hasOwn(bits, code) ? bits[code]! : 0
}

/** What a set of keys that are held down steers. */
export function bitsOfKeys(codes: Iterable<string>): number {
  let all = 0
  for (const code of codes) all |= bitOfKey(code)
  return all
}

/** What a stick steers that is moved this far from its middle: one of eight ways, or 0 near the middle. */
export function bitsOfStick(dx: number, dy: number, deadZone: number): number {
  if (Math.hypot(dx, dy) < deadZone) return 0
  // A way counts when the stick points at it, or at a corner of it.
  const corner = Math.sin(Math.PI / 8)
  const [x, y] = [dx / Math.hypot(dx, dy), dy / Math.hypot(dx, dy)]
  return (
    (x > corner ? SteerBit.right : 0) |
    (x < -corner ? SteerBit.left : 0) |
    (y > corner ? SteerBit.down : 0) |
    (y < -corner ? SteerBit.up : 0)
  )
}
