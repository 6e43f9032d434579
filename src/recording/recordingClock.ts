import { type Clock, setTurn } from '../clock/Clock.ts'
import { type Recorder } from './Recorder.ts'

/** The clock of a world that is recorded. Its timers are numbered in the order in which they are set. */
export function recordingClock(recorder: Recorder): Clock {
  const { clock } = recorder
  let count = 0
  const noted = (run: () => void): (() => void) => {
    const timer = count++
    return () => recorder.input({ name: 'timer', timer }, run)
  }
  return {
    now: () => recorder.now(),
    setTimer: (run, delayMs, isBackground) => clock.setTimer(noted(run), delayMs, isBackground),
    setTurn: (run) => setTurn(clock, noted(run)),
  }
}
