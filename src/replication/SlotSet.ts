/** A set of slots: a bit each, so that it is in order without sorting. */
export interface SlotSet {
  words: Int32Array
}

export function createSlotSet(): SlotSet {
  return { words: new Int32Array(0) }
}

/** Makes room for slots below `end`. */
export function ensureSlots(set: SlotSet, end: number): void {
  const size = (end + 31) >>> 5
  if (size <= set.words.length) return
  const grown = new Int32Array(Math.ceil(size * 1.25))
  grown.set(set.words)
  set.words = grown
}

export function addToSet({ words }: SlotSet, slot: number): void {
  words[slot >>> 5]! |= 1 << (slot & 31)
}

export function isInSet({ words }: SlotSet, slot: number): boolean {
  return ((words[slot >>> 5]! >>> (slot & 31)) & 1) === 1
}

/** Writes the slots below `end` in ascending order, and empties the set. Returns how many there are. */
export function drainSet({ words }: SlotSet, end: number, out: Uint32Array): number {
  let count = 0
  const size = (end + 31) >>> 5
  for (let at = 0; at < size; at++) {
    let word = words[at]!
    if (word === 0) continue
    words[at] = 0
    for (; word !== 0; word &= word - 1) out[count++] = at * 32 + 31 - Math.clz32(word & -word)
  }
  return count
}

/** The greatest slot of the set below this one, or −1. */
export function slotBelow({ words }: SlotSet, slot: number): number {
  let at = slot >>> 5
  let word = words[at]! & ((1 << (slot & 31)) - 1)
  while (word === 0) {
    if (at === 0) return -1
    word = words[--at]!
  }
  return at * 32 + 31 - Math.clz32(word)
}

/** The least slot of the set above this one and below `end`, or −1. */
export function slotAbove({ words }: SlotSet, slot: number, end: number): number {
  const from = slot + 1
  const size = (end + 31) >>> 5
  let at = from >>> 5
  if (at >= size) return -1
  let word = words[at]! & (-1 << (from & 31))
  while (word === 0) {
    if (++at >= size) return -1
    word = words[at]!
  }
  return at * 32 + 31 - Math.clz32(word & -word)
}
