import { type NetworkConfig } from './NetworkConfig.ts'

/** Warns at most once a second for each kind of warning, so that a hostile peer cannot fill a log. */
export interface Warner {
  readonly config: NetworkConfig
  readonly lastMs: Map<string, number>
}

const intervalMs = 1_000

export function createWarner(config: NetworkConfig): Warner {
  return { config, lastMs: new Map() }
}

export function warn({ config, lastMs }: Warner, kind: string, message: string): void {
  const now = config.clock.now()
  const last = lastMs.get(kind)
  if (last !== undefined && now - last < intervalMs) return
  lastMs.set(kind, now)
  config.warn(`bitecs-networking: ${message}`)
}
