import { type VirtualClock } from 'bitecs-networking'

/** Passes `ms` as a program does that is stopped, or busy: what falls due meanwhile runs late, once, at the end. */
export function standStill(clock: VirtualClock, ms: number): void {
  clock.setTimer(() => clock.advance(ms), 0)
  clock.advance(0)
  clock.advance(0)
}
