/** The signs of life of a peer that is asked for them: when it was last active, and last asked. Times are of one clock. */
export interface Heartbeat {
  activeMs: number
  /** −1 before the first time. */
  askedMs: number
  /** It has not answered in time when last looked at. */
  isOverdue: boolean
  /** Bytes that had come when last looked at. */
  bytesRead: number
}

export function createHeartbeat(nowMs: number): Heartbeat {
  return { activeMs: nowMs, askedMs: -1, isOverdue: false, bytesRead: 0 }
}

/**
 * Looks at a peer: whether it is to be asked for a sign of life, or is lost.
 *
 * @param isPaused it is not read, so signs of life do not show
 */
export function checkHeartbeat(
  heartbeat: Heartbeat,
  nowMs: number,
  bytesRead: number,
  isPaused: boolean,
  { pingIntervalMs, pongTimeoutMs }: { pingIntervalMs: number; pongTimeoutMs: number },
): 'ask' | 'lost' | undefined {
  // A part of a message is a sign of life too.
  if (isPaused || bytesRead !== heartbeat.bytesRead) heartbeat.activeMs = nowMs
  heartbeat.bytesRead = bytesRead
  const { activeMs, askedMs, isOverdue } = heartbeat
  if (askedMs > activeMs) {
    if (nowMs - askedMs < pongTimeoutMs) return undefined
    heartbeat.isOverdue = true
    // Not at the first look: after a pause of the game that would end peers at its first tick.
    return isOverdue ? 'lost' : undefined
  }
  heartbeat.isOverdue = false
  if (nowMs - activeMs < pingIntervalMs) return undefined
  heartbeat.askedMs = nowMs
  return 'ask'
}
