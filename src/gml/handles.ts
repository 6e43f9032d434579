// Handles: the numbers by which GameMaker code names its objects. Each kind counts in a row of its own, from 0.

import { wrongType } from '../errors/argumentErrors.ts'
import { type GmlNumber } from './GmlNumber.ts'
import { toNumber } from './toNumber.ts'

/** The objects of one kind that can be named now. */
export interface Handles<Thing> {
  /** What messages call them. */
  readonly what: string
  readonly things: Map<number, Thing>
  /** How many numbers have been given. */
  count: number
  /** Numbers that may be given again, the one that is free for longest first. Those before `freeStart` are in use again. */
  readonly free: FreeHandle[]
  freeStart: number
}

/** A number that names nothing any more. */
interface FreeHandle {
  readonly handle: number
  /** Whether it may be given again yet. */
  readonly isReady: () => boolean
}

export function createHandles<Thing>(what: string): Handles<Thing> {
  return { what, things: new Map(), count: 0, free: [], freeStart: 0 }
}

/** Gives an object its number: one that was freed by `freeHandle`, or the next. */
export function giveHandle<Thing>(handles: Handles<Thing>, thing: Thing): number {
  const next = handles.free[handles.freeStart]
  const handle = next?.isReady() === true ? takeFree(handles, next) : handles.count++
  handles.things.set(handle, thing)
  return handle
}

/** A queue that is taken from its start; what is taken goes in one piece, since taking one moves all the others. */
function takeFree<Thing>(handles: Handles<Thing>, { handle }: FreeHandle): number {
  handles.freeStart++
  if (handles.freeStart * 2 > handles.free.length) {
    handles.free.splice(0, handles.freeStart)
    handles.freeStart = 0
  }
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

/** Takes a handle out of use for good: it is never given again, so a stale one finds nothing. Returns false if it was in no use. */
export function endHandle<Thing>({ things }: Handles<Thing>, handle: number): boolean {
  return things.delete(handle)
}

/** Takes a handle out of use. It is given again when `isReady` returns true and all that were freed before it have been. */
export function freeHandle<Thing>(
  { things, free }: Handles<Thing>,
  handle: number,
  isReady: () => boolean,
): void {
  if (things.delete(handle)) free.push({ handle, isReady })
}

/** The error for a handle that names nothing. */
export function unknownHandle<Thing>(
  where: string,
  { what, count }: Handles<Thing>,
  handle: GmlNumber,
): RangeError {
  const number = handleNumber(where, what, handle)
  const past = number >= 0 && number < count ? ' any more' : ''
  return new RangeError(`${where}: there is no ${what} ${number}${past}`)
}
