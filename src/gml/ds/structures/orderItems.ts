// The order of a list's values: sorted as GameMaker sorts them, or random.

import { type DsList } from './DsList.ts'
import { comparable } from './DsMap.ts'

/** The values that are compared with each other. Those of a lower rank come first. */
const Rank = { number: 0, notANumber: 1, string: 2, other: 3, undefined: 4 } as const
type Rank = (typeof Rank)[keyof typeof Rank]

/** Sorts as `ds_list_sort`. */
export function sortItems({ items }: DsList, isAscending: boolean): void {
  const keyed = items.map((item) => ({ item, ...sortKey(item.value) }))
  keyed.sort((a, b) => {
    if (a.rank === b.rank) return isAscending ? compare(a.key, b.key) : compare(b.key, a.key)
    if (a.rank === Rank.undefined || b.rank === Rank.undefined) return a.rank - b.rank
    return isAscending ? a.rank - b.rank : b.rank - a.rank
  })
  for (const [at, { item }] of keyed.entries()) items[at] = item
}

function sortKey(value: unknown): { rank: Rank; key: number | bigint | string } {
  const own = typeof value === 'boolean' ? Number(value) : comparable(value)
  if (own === undefined) return { rank: Rank.undefined, key: 0 }
  if (typeof own === 'string') return { rank: Rank.string, key: own }
  if (typeof own !== 'number' && typeof own !== 'bigint') return { rank: Rank.other, key: 0 }
  return Number.isNaN(own) ? { rank: Rank.notANumber, key: 0 } : { rank: Rank.number, key: own }
}

/** Of two values of one rank. */
function compare(a: number | bigint | string, b: number | bigint | string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/**
 * Brings the values into a random order.
 *
 * @param random returns numbers from 0 on and below 1
 */
export function shuffleItems({ items }: DsList, random: () => number): void {
  for (let at = items.length - 1; at > 0; at--) {
    const item = items[at]
    const from = Math.floor(random() * (at + 1))
    const other = items[from]
    // A `random` of the user may return anything, or change the list.
    if (item === undefined || other === undefined) continue
    items[at] = other
    items[from] = item
  }
}
