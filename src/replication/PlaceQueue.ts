/** Places in the order of their keys, the greatest first: a binary heap. */
export interface PlaceQueue {
  places: Uint32Array
  keys: Float64Array
  count: number
}

export function createPlaceQueue(): PlaceQueue {
  return { places: new Uint32Array(0), keys: new Float64Array(0), count: 0 }
}

/** Empties the queue, and makes room. */
export function clearQueue(queue: PlaceQueue, size: number): void {
  queue.count = 0
  if (size <= queue.places.length) return
  queue.places = new Uint32Array(Math.ceil(size * 1.25))
  queue.keys = new Float64Array(queue.places.length)
}

/** Adds a place; `orderQueue` must follow before one is taken. */
export function addToQueue(queue: PlaceQueue, place: number, key: number): void {
  queue.places[queue.count] = place
  queue.keys[queue.count] = key
  queue.count++
}

export function orderQueue(queue: PlaceQueue): void {
  for (let at = (queue.count >> 1) - 1; at >= 0; at--) sink(queue, at)
}

/** Takes the place of the greatest key; of equal ones the lowest place. */
export function takeFirst(queue: PlaceQueue): number {
  const first = queue.places[0]!
  const last = --queue.count
  queue.places[0] = queue.places[last]!
  queue.keys[0] = queue.keys[last]!
  sink(queue, 0)
  return first
}

function sink({ places, keys, count }: PlaceQueue, from: number): void {
  const place = places[from]!
  const key = keys[from]!
  let at = from
  for (;;) {
    let child = 2 * at + 1
    if (child >= count) break
    if (
      child + 1 < count &&
      isBefore(keys[child + 1]!, places[child + 1]!, keys[child]!, places[child]!)
    )
      child++
    if (!isBefore(keys[child]!, places[child]!, key, place)) break
    places[at] = places[child]!
    keys[at] = keys[child]!
    at = child
  }
  places[at] = place
  keys[at] = key
}

function isBefore(key: number, place: number, otherKey: number, otherPlace: number): boolean {
  return key > otherKey || (key === otherKey && place < otherPlace)
}
