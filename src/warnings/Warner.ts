import { type Clock } from '../clock/Clock.ts'
import { collect } from '../errors/collect.ts'

/** The settings that warnings go by. */
interface WarnerConfig {
  readonly clock: Clock
  /** Takes warnings: the user's. */
  readonly warn: (message: string) => void
}

/** Warns at most once a second, or a minute, for each kind of warning, so that a hostile peer cannot fill a log. */
export interface Warner {
  readonly config: WarnerConfig
  readonly lastMs: Map<string, number>
  /** What the user's `warn` has thrown, for the next tick to throw. */
  readonly errors: unknown[]
  /** Says it in the words of another face. */
  translate?: (message: string) => string
}

const secondMs = 1_000

/** For warnings that say how to use this package, and that any peer can cause. */
export const minuteMs = 60_000

export function createWarner(config: WarnerConfig): Warner {
  return { config, lastMs: new Map(), errors: [] }
}

/**
 * Warns when no transport is on the stack, since `warn` is the user's code.
 *
 * @param kind one of few: each is kept
 */
export function warn(
  { config, lastMs, errors, translate }: Warner,
  kind: string,
  message: string,
  intervalMs: number = secondMs,
): void {
  const now = config.clock.now()
  const last = lastMs.get(kind)
  if (last !== undefined && now - last < intervalMs) return
  lastMs.set(kind, now)
  const line = escapeControls(translate?.(message) ?? message)
  queueMicrotask(() => collect(errors, () => config.warn(`bitecs-networking: ${line}`)))
}

const messageLengthMax = 2_000

/** What handlers throw may quote a peer, whose text could command a terminal or forge lines of a log. */
function escapeControls(message: string): string {
  return message
    .slice(0, messageLengthMax)
    .replaceAll(
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
      (each) => `\\u${each.codePointAt(0)!.toString(16).padStart(4, '0')}`,
    )
}
