// A net id is what both ends call an entity: 20 bits of slot, below 12 bits of generation, as an unsigned number of 32 bits. Slot 0
// is never given, so no entity has the id 0.

const slotBits = 20
export const slotMask = 0xfffff
export const generationMax = 0xfff

/** The slot of a net id. */
export function slotOf(netId: number): number {
  return netId & slotMask
}

export function generationOf(netId: number): number {
  return netId >>> slotBits
}

export function netIdOf(slot: number, generation: number): number {
  return ((generation << slotBits) | slot) >>> 0
}
