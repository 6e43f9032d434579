// Runs of bits that were planted somewhere, and are found in any message, wherever in a byte they begin.

const headBits = 32

/** Bits as a text, each byte from its lowest. */
export function bitsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => number(byte, 8)).join('')
}

/** A number, from its lowest bit. */
function number(value: number, width: number): string {
  return Array.from({ length: width }, (_, bit) => Math.floor(value / 2 ** bit) % 2).join('')
}

/** A number as docs/replication-protocol.md has it. */
export function vuOf(value: number): string {
  if (value < 16) return `0${number(value, 4)}`
  if (value < 272) return `10${number(value - 16, 8)}`
  if (value < 65_808) return `110${number(value - 272, 16)}`
  return `111${number(value, 32)}`
}

export function netIdBitsOf(netId: number): string {
  return `${vuOf(netId % 2 ** 20)}${number(Math.floor(netId / 2 ** 20), 12)}`
}

/** What was planted, by its bits. */
export class PlantedBits<Place> {
  readonly #byHead = new Map<number, { readonly bits: string; readonly places: Place[] }[]>()

  plant(bits: string, place: Place): void {
    if (bits.length < 48) throw new Error(`${bits.length} bits may be found by chance`)
    const head = headOf(bits)
    const runs = this.#byHead.get(head) ?? []
    this.#byHead.set(head, runs)
    const run = runs.find((each) => each.bits === bits)
    if (run !== undefined) run.places.push(place)
    else runs.push({ bits, places: [place] })
  }

  /** Of each run that stands in a message, the places where it was planted. */
  find(message: Uint8Array): Place[][] {
    const found: Place[][] = []
    let head = 0
    for (let at = 0; at < message.length * 8; at++) {
      const bit = (message[at >> 3]! >> (at & 7)) & 1
      // The bit that came last is the highest.
      head = (head >>> 1) | (bit << 31)
      const runs = this.#byHead.get(head >>> 0)
      const start = at - headBits + 1
      if (runs === undefined || start < 0) continue
      const all = bitsOf(message)
      for (const { bits, places } of runs) if (all.startsWith(bits, start)) found.push(places)
    }
    return found
  }
}

function headOf(bits: string): number {
  let head = 0
  for (let at = 0; at < headBits; at++) head = (head >>> 1) | (bits[at] === '1' ? 0x80000000 : 0)
  return head >>> 0
}
