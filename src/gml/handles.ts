// Handles: the numbers by which GameMaker code names its objects. All kinds count on in one row and no number is given
// twice in a run, so a stale handle, or one of another kind, finds nothing.

import { wrongType } from '../errors/argumentErrors.ts'

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

/** The object of a handle, or `undefined` if there is none of this kind. Throws for what is no number. */
export function findThing<Thing>(
  where: string,
  { what, things }: Handles<Thing>,
  handle: number,
): Thing | undefined {
  if (typeof handle !== 'number' || Number.isNaN(handle))
    throw wrongType(where, what, `the handle of a ${what}`, handle)
  return things.get(handle)
}

/** Takes a handle out of use. Gives false if it was in no use. */
export function endHandle<Thing>({ things }: Handles<Thing>, handle: number): boolean {
  return things.delete(handle)
}

/** The error for a handle that names nothing. */
export function unknownHandle(where: string, what: string, handle: number): RangeError {
  const past = handle >= 0 && handle < nextHandle ? ' (any more, or it is of another kind)' : ''
  return new RangeError(`${where}: there is no ${what} ${handle}${past}`)
}
