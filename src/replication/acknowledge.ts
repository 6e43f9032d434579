import { type ClientView, packetsMax, type Visible } from './ClientView.ts'
import { forgetGone } from './goneEntities.ts'
import { type Source } from './Source.ts'

/** A packet is taken for lost when so many after it have arrived and it has not. */
const reorderedMax = 3

// The packets that an acknowledgement is the first to name, and those it shows to be lost: a bit each, by their number.
const arrived = /* @__PURE__ */ new Uint32Array(2)
const missing = /* @__PURE__ */ new Uint32Array(2)

/**
 * Takes an acknowledgement of a client. One of packets that were not sent, or are not among the last 64, changes nothing.
 *
 * @param sequence the newest snapshot that has arrived, 16 bits
 * @param mask the 32 before it, the one just before in the lowest bit
 * @returns whether it could be
 */
export function acknowledge(
  source: Source,
  view: ClientView,
  sequence: number,
  mask: number,
): boolean {
  const back = (view.sent - 1 - sequence) & 0xffff
  if (back >= packetsMax || back >= view.sent) return false
  if (view.isOrdered) return true
  const newest = view.sent - 1 - back
  sortPackets(view, newest, mask)
  if ((arrived[0]! | arrived[1]!) !== 0) {
    takeArrived(view)
    takeArrivedGone(source, view)
  }
  if ((missing[0]! | missing[1]!) !== 0) takeMissing(view)
  return true
}

/** Finds the packets that have arrived and those that are lost; the newest that has arrived is the baseline from now on. */
function sortPackets(view: ClientView, newest: number, mask: number): void {
  const { awaited, lost, packetTicks, sent } = view
  arrived.fill(0)
  missing.fill(0)
  const oldest = Math.max(0, sent - packetsMax)
  for (let number = newest; number >= oldest; number--) {
    const before = newest - number
    const word = (number & 32) >>> 5
    const bit = 1 << (number & 31)
    if ((awaited[word]! & bit) === 0) continue
    const hasArrived = before === 0 || (before <= 32 && ((mask >>> (before - 1)) & 1) === 1)
    if (hasArrived) {
      awaited[word]! &= ~bit
      arrived[word]! |= bit
      const tick = packetTicks[number % packetsMax]!
      if (tick > view.baseline) view.baseline = tick
    } else if (before >= reorderedMax && (lost[word]! & bit) === 0) {
      lost[word]! |= bit
      missing[word]! |= bit
    }
  }
}

/** What these packets carried is held by the client. */
function takeArrived({ visible, packetTicks }: ClientView): void {
  const { count, carriedLow, carriedHigh, ackedAt } = visible
  for (let at = 0; at < count; at++) {
    const low = carriedLow[at]! & arrived[0]!
    const high = carriedHigh[at]! & arrived[1]!
    if ((low | high) === 0) continue
    const tick = Math.max(newestTick(packetTicks, low, 0), newestTick(packetTicks, high, 32))
    if (tick > ackedAt[at]!) ackedAt[at] = tick
  }
}

function takeArrivedGone(source: Source, view: ClientView): void {
  const { gone } = view
  for (let at = gone.count - 1; at >= 0; at--)
    if (((gone.carriedLow[at]! & arrived[0]!) | (gone.carriedHigh[at]! & arrived[1]!)) !== 0)
      forgetGone(source, view, at)
}

/** What was sent last in one of these packets is sent again. */
function takeMissing(view: ClientView): void {
  sendAgain(view, view.visible, view.visible.ackedAt)
  sendAgain(view, view.gone, undefined)
}

function sendAgain(
  { packetTicks }: ClientView,
  {
    count,
    sentAt,
    carriedLow,
    carriedHigh,
  }: Pick<Visible, 'count' | 'sentAt' | 'carriedLow' | 'carriedHigh'>,
  ackedAt: Uint32Array | undefined,
): void {
  for (let at = 0; at < count; at++) {
    const low = carriedLow[at]! & missing[0]!
    const high = carriedHigh[at]! & missing[1]!
    if ((low | high) === 0) continue
    const tick = Math.max(newestTick(packetTicks, low, 0), newestTick(packetTicks, high, 32))
    if (tick === sentAt[at]) sentAt[at] = ackedAt === undefined ? 0 : ackedAt[at]!
  }
}

/** The newest tick of packets of which each has a bit. */
function newestTick(packetTicks: Uint32Array, packets: number, first: number): number {
  let newest = 0
  for (let left = packets; left !== 0; left &= left - 1) {
    const tick = packetTicks[first + 31 - Math.clz32(left & -left)]!
    if (tick > newest) newest = tick
  }
  return newest
}
