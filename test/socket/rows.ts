import { type World } from 'bitecs'
import { Socket } from 'bitecs-networking'

/** Every value of every row of a world's `Socket` store. */
export function rowsOf(world: World): string {
  return JSON.stringify(Socket(world), (_key, value: unknown) =>
    Number.isNaN(value) ? 'NaN' : value,
  )
}

/** The rows belong to entities of a new world now. */
export function giveRowsAway(world: World): void {
  for (const column of Object.values<unknown[]>({ ...Socket(world) }))
    for (let row = 0; row < 8; row++) column[row] = 1_000 + row
}
