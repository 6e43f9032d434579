// Which tick of the server is shown at a time of the client. Times are in milliseconds of the client's clock, and always passed in.

/** The clock follows a slower path by this much with each snapshot, and a faster one at once. */
const driftMs = 0.5
/** Beyond this it is set again, and what is shown with it: the server stood still, or the page was hidden. */
const resetMs = 300
/** Longer between two frames: the page was hidden, so nothing is known of when snapshots came. */
const frameMsMax = 250
/** Snapshots that means go over (RFC 3550, section 6.4.1). */
const meanCount = 16
/** Before a second snapshot has come. */
const firstIntervalMs = 50
const jittersMin = 3
const jittersMax = 4
/** Of the difference between `jittersMin` and `jittersMax`: what a snapshot that came too late adds, and one in time takes off. */
const lateStep = 0.5
const calmStep = 0.0025
const intervalsMin = 1.2
const delayMsMax = 500
/** Time is stretched by this part at most. */
const stretchMax = 0.05
/** A deviation would be made up for in this time, if it took no more than that. */
const correctionMs = 1_000
/** A jump by more than this is shown as one: it would be a flight. */
const flightMsMax = 1_000
/** The last difference is carried on for this long when no snapshot comes. */
export const extrapolateMsMax = 120

/** The clock of one server, and what of its time is shown. */
export interface ShownClock {
  readonly tickMs: number
  /** Snapshots that are kept. */
  readonly rows: number
  /** Client time minus server time, as of the fastest snapshots. NaN before the first. */
  offsetMs: number
  newestTick: number
  /** Between snapshots: a mean of the server's time. */
  intervalMs: number
  /** How much the times that snapshots take differ from one to the next: a mean. */
  jitterMs: number
  /** The server tick that is shown, with a fraction; NaN before the first snapshot. It never goes back. */
  shownTick: number
  /** How late the first of the snapshots since the last frame was, at least; Infinity without any. */
  leastLateMs: number
  /** Snapshots since the last frame. */
  waiting: number
  /** Snapshots on which the means go, up to `meanCount`. */
  samples: number
  lastTransitMs: number
  /** The time of the last frame; NaN before the first. */
  frameMs: number
  /** From 0 to 1: how often snapshots have come too late. */
  lateness: number
  /** Whether the shown tick waits for the server, which had stood still. */
  isHolding: boolean
  /** Whether the last frame has jumped, instead of going on from the one before. */
  isJump: boolean
  /** Whether what it shows has nothing to do with what the one before has shown: the page was hidden, or there was nothing for long. */
  isCut: boolean
}

/**
 * @param tickMs milliseconds a server tick
 * @param rows snapshots that are kept
 */
export function createShownClock(tickMs: number, rows: number): ShownClock {
  return {
    tickMs,
    rows,
    offsetMs: NaN,
    newestTick: 0,
    intervalMs: firstIntervalMs,
    jitterMs: 0,
    shownTick: NaN,
    leastLateMs: Infinity,
    waiting: 0,
    samples: 0,
    lastTransitMs: 0,
    frameMs: NaN,
    lateness: 0,
    isHolding: false,
    isJump: false,
    isCut: false,
  }
}

/** Notes that a snapshot has come. */
export function noteSnapshot(clock: ShownClock, tick: number, arrivalMs: number): void {
  const transitMs = arrivalMs - tick * clock.tickMs
  if (Number.isNaN(clock.offsetMs)) clock.offsetMs = transitMs
  else if (tick > clock.newestTick) noteInterval(clock, tick, arrivalMs, transitMs)
  clock.leastLateMs = Math.min(clock.leastLateMs, transitMs - clock.offsetMs)
  clock.waiting++
  if (tick <= clock.newestTick) return
  clock.newestTick = tick
  clock.lastTransitMs = transitMs
}

function noteInterval(clock: ShownClock, tick: number, arrivalMs: number, transitMs: number): void {
  const gapMs = (tick - clock.newestTick) * clock.tickMs
  const deviationMs = Math.abs(transitMs - clock.lastTransitMs)
  const isHidden = arrivalMs - clock.frameMs > frameMsMax
  if (isHidden || deviationMs > resetMs || gapMs > delayMsMax) return
  const count = clock.samples < meanCount ? ++clock.samples : meanCount
  clock.jitterMs += (deviationMs - clock.jitterMs) / count
  clock.intervalMs += (gapMs - clock.intervalMs) / count
  const isLate = clock.shownTick > clock.newestTick
  const lateness = clock.lateness + (isLate ? lateStep : -calmStep)
  clock.lateness = lateness < 0 ? 0 : lateness > 1 ? 1 : lateness
}

/** How far behind the server's clock the shown tick should be. */
export function delayOf({ intervalMs, jitterMs, lateness, rows }: ShownClock): number {
  const jitters = jittersMin + (jittersMax - jittersMin) * lateness
  const delayMs = Math.max(intervalMs + jitters * jitterMs, intervalMs * intervalsMin)
  return Math.min(delayMs, delayMsMax, Math.max(rows - 2, 1) * intervalMs)
}

/**
 * Moves the shown tick to the time of a frame. It runs as fast as time does, 5 % faster or slower while it is not where it
 * should be, and at most `extrapolateMsMax` beyond the newest snapshot.
 */
export function advanceClock(clock: ShownClock, nowMs: number): void {
  if (Number.isNaN(clock.offsetMs)) return
  setOffset(clock)
  const { tickMs } = clock
  const aimMs = nowMs - clock.offsetMs - delayOf(clock)
  const passedMs = nowMs - clock.frameMs
  clock.frameMs = nowMs
  if (Number.isNaN(clock.shownTick)) {
    clock.shownTick = aimMs / tickMs
    return
  }
  const lackMs = aimMs - clock.shownTick * tickMs - passedMs
  clock.isCut = lackMs > flightMsMax || passedMs > frameMsMax
  clock.isJump = clock.isCut || lackMs > resetMs
  const shownTick = clock.isJump
    ? aimMs / tickMs
    : clock.shownTick + stretch(clock, lackMs, passedMs) / tickMs
  const tickMax = clock.newestTick + extrapolateMsMax / tickMs
  clock.shownTick = Math.max(clock.shownTick, Math.min(shownTick, tickMax))
}

/** Follows what came since the last frame: of several snapshots the one that was the least late counts. */
function setOffset(clock: ShownClock): void {
  const { leastLateMs, waiting } = clock
  if (waiting === 0) return
  if (leastLateMs > resetMs) clock.isHolding = true
  clock.offsetMs += leastLateMs > resetMs ? leastLateMs : Math.min(leastLateMs, driftMs * waiting)
  clock.leastLateMs = Infinity
  clock.waiting = 0
}

/** The time that passes for what is shown. */
function stretch(clock: ShownClock, lackMs: number, passedMs: number): number {
  if (clock.isHolding) {
    if (lackMs + passedMs < 0) return 0
    clock.isHolding = false
  }
  const mostMs = stretchMax * passedMs
  const wantedMs = (lackMs * passedMs) / correctionMs
  return passedMs + Math.max(-mostMs, Math.min(wantedMs, mostMs))
}
