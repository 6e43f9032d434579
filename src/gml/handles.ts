// Handles: the numbers by which GameMaker code names its objects. All kinds count on in one row and no number is given
// twice in a run, so a stale handle, or one of another kind, finds nothing.

import { wrongType } from '../errors/argumentErrors.ts'
import { type GmlNumber } from './GmlNumber.ts'
import { toNumber } from './toNumber.ts'

/** The objects of one kind that can be named now. */
export interface Handles<Thing> {
  /** What messages call them. */
  readonly what: string
  readonly things: Map<number, Thing>
}

let nextHandle = 0

export function createHandles<Thing>(what: string): Handles<Thing> {
  return { what, things: new Map() }
}

/** Gives an object its number. */
export function giveHandle<Thing>({ things }: Handles<Thing>, thing: Thing): number {
  const handle = nextHandle++
  things.set(handle, thing)
  return handle
}

/** The number of a handle. Throws a `TypeError` for what does not stand for a number, and for NaN. */
export function handleNumber(where: string, what: string, handle: GmlNumber): number {
  const number =
    typeof handle === 'number' ? handle : toNumber(where, what, handle, `the handle of a ${what}`)
  if (Number.isNaN(number)) throw wrongType(where, what, `the handle of a ${what}`, handle)
  return number
}

/** The object of a handle, or `undefined` if there is none of this kind. Throws as `handleNumber`. */
export function findThing<Thing>(
  where: string,
  { what, things }: Handles<Thing>,
  handle: GmlNumber,
): Thing | undefined {
  return things.get(handleNumber(where, what, handle))
}

/** Takes a handle out of use. Gives false if it was in no use. */
export function endHandle<Thing>({ things }: Handles<Thing>, handle: number): boolean {
  return things.delete(handle)
}

/** The error for a handle that names nothing. */
export function unknownHandle(where: string, what: string, handle: GmlNumber): RangeError {
  const number = handleNumber(where, what, handle)
  const past = number >= 0 && number < nextHandle ? ' (any more, or it is of another kind)' : ''
  return new RangeError(`${where}: there is no ${what} ${number}${past}`)
}
