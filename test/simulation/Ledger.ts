// What was sent and what has come: every message says which it is, and all of its bytes follow from that.
//
//   0 u32 check | 4 u32 lane | 8 u32 number in its lane | 12 … filling

const headBytes = 12

/**
 * What is promised. `stream`: whole and in order; `ordered` and `reliable`: once, if nobody was reported lost; `plain`: as often as
 * the line repeats it.
 */
export type LaneKind = 'stream' | 'ordered' | 'reliable' | 'plain'

/** One direction between two sockets. */
export interface Lane {
  readonly id: number
  readonly kind: LaneKind
  readonly from: string
  readonly to: string
  sent: number
  /** How often each message has come. */
  readonly came: number[]
  /** The number after the last that has come. */
  next: number
  cameCount: number
  /** An end is gone, or was reported lost: messages may be missing. */
  isBroken: boolean
}

export class Ledger {
  readonly lanes: Lane[] = []
  /** Messages that have come, each as it was sent. */
  whole = 0
  /** What has come and is no message of ours: changed on its way. */
  spoiled = 0

  open(kind: LaneKind, from: string, to: string): Lane {
    const id = this.lanes.length
    const isBroken = kind === 'plain'
    const lane = { id, kind, from, to, sent: 0, came: [], next: 0, cameCount: 0, isBroken }
    this.lanes.push(lane)
    return lane
  }

  /** The next message of a lane, which counts as sent with `sent++`. */
  write(lane: Lane, size: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(size, headBytes))
    const view = new DataView(bytes.buffer)
    view.setUint32(0, checkOf(lane.id, lane.sent, bytes.length), true)
    view.setUint32(4, lane.id, true)
    view.setUint32(8, lane.sent, true)
    for (let at = headBytes; at < bytes.length; at++) bytes[at] = fillingAt(lane.id, lane.sent, at)
    return bytes
  }

  /** Enters a message that has come; its lane, unless it was changed on its way. */
  read(bytes: Uint8Array): Lane | undefined {
    const found = this.#parse(bytes)
    if (found === undefined) {
      this.spoiled++
      return undefined
    }
    const { lane, number } = found
    this.#checkOrder(lane, number)
    this.whole++
    lane.cameCount++
    lane.came[number] = (lane.came[number] ?? 0) + 1
    lane.next = Math.max(lane.next, number + 1)
    return lane
  }

  /** The latest lane from one end to another. */
  last(from: string, to: string): Lane | undefined {
    return this.lanes.findLast((lane) => lane.from === from && lane.to === to)
  }

  /** Between two ends messages may be missing from now on. */
  breakBetween(one: string, other: string): void {
    for (const lane of this.lanes)
      if ((lane.from === one && lane.to === other) || (lane.from === other && lane.to === one))
        lane.isBroken = true
  }

  /** A machine is gone. The one in its place knows nothing of what has come already, and may get it too. */
  crash(address: string): void {
    for (const lane of this.lanes) {
      if (!lane.from.startsWith(address) && !lane.to.startsWith(address)) continue
      lane.isBroken = true
      if (lane.to.startsWith(address)) {
        lane.came.length = 0
        lane.next = 0
      }
    }
  }

  /** Nothing is missing that has to come. */
  get isComplete(): boolean {
    return this.lanes.every(({ isBroken, sent, cameCount }) => isBroken || sent === cameCount)
  }

  check(): void {
    for (const lane of this.lanes) if (!lane.isBroken) this.checkLane(lane)
  }

  checkLane({ id, kind, from, to, sent, cameCount }: Lane): void {
    if (cameCount !== sent)
      throw new Error(`${kind} lane ${id} from ${from} to ${to}: ${cameCount} of ${sent} came`)
  }

  #parse(bytes: Uint8Array): { lane: Lane; number: number } | undefined {
    if (bytes.length < headBytes) return undefined
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const id = view.getUint32(4, true)
    const number = view.getUint32(8, true)
    const lane = this.lanes[id]
    if (view.getUint32(0, true) !== checkOf(id, number, bytes.length)) return undefined
    if (lane === undefined || number >= lane.sent) return undefined
    for (let at = headBytes; at < bytes.length; at++)
      if (bytes[at] !== fillingAt(id, number, at)) return undefined
    return { lane, number }
  }

  #checkOrder({ id, kind, came, next }: Lane, number: number): void {
    const times = came[number] ?? 0
    const where = `${kind} lane ${id}: ${number}`
    if (kind === 'plain' ? times >= 2 : times >= 1) throw new Error(`${where} came again`)
    if (kind === 'stream' && number !== next) throw new Error(`${where} came where ${next} follows`)
    if (kind === 'ordered' && number < next) throw new Error(`${where} came after ${next - 1}`)
  }
}

function checkOf(lane: number, number: number, size: number): number {
  let hash = 0x811c9dc5
  for (const value of [lane, number, size])
    for (let shift = 0; shift < 32; shift += 8)
      hash = Math.imul(hash ^ ((value >>> shift) & 0xff), 0x01000193)
  return hash >>> 0
}

function fillingAt(lane: number, number: number, at: number): number {
  return (lane * 7 + number * 13 + at * 31 + (at >> 8)) & 0xff
}
