import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { type Clock } from '../../src/clock/Clock.ts'
import { createVirtualClock } from '../../src/clock/createVirtualClock.ts'
import { Patience, setLimit } from '../../src/clock/patience.ts'
import { standStill } from '../lib/standStill.ts'
import { spec } from '../spec.ts'

spec('setLimit', (it) => {
  it('runs when the limit has passed, once', () => {
    for (const limitMs of [1, 7, 400, 999, 4_000]) {
      const clock = createVirtualClock()
      let runs = 0
      setLimit(clock, limitMs, () => runs++)
      clock.advance(limitMs - 0.5)
      assert.is(runs, 0)
      clock.advance(0.5)
      assert.is(runs, 1)
      clock.advance(10_000)
      assert.is(runs, 1)
      assert.is(clock.pendingTimers, 0)
    }
  })

  it('runs in time when each timer is late', () => {
    const clock = createVirtualClock()
    const late: Clock = {
      now: () => clock.now(),
      setTimer: (run, delayMs) => clock.setTimer(run, delayMs + 2),
      setTurn: (run) => clock.setTimer(run, 0),
    }
    let ranAt = 0
    setLimit(late, 4_000, () => (ranAt = clock.now()))
    clock.advance(5_000)
    assert.ok(ranAt >= 4_000 && ranAt < 4_110, `${ranAt} ms`)
  })

  it('counts a standstill as a quarter at most, and waits for the rest', () => {
    for (const limitMs of [20, 400, 4_000]) {
      const clock = createVirtualClock()
      let runs = 0
      setLimit(clock, limitMs, () => runs++)
      standStill(clock, 3_600_000)
      standStill(clock, 3_600_000)
      clock.advance(limitMs / 2 - 1)
      assert.is(runs, 0)
      clock.advance(limitMs)
      assert.is(runs, 1)
    }
  })

  it('lets what has arrived be read first', () => {
    const clock = createVirtualClock()
    const calls: string[] = []
    const turning: Clock = {
      ...clock,
      setTurn(run) {
        // It is polled between.
        clock.setTimer(() => calls.push('read'), 0)
        return clock.setTimer(run, 0)
      },
    }
    setLimit(turning, 100, () => calls.push('limit'))
    clock.advance(87.5)
    calls.length = 0
    clock.advance(12.5)
    assert.equal(calls, ['read', 'limit'])
  })

  it('is cancelled at any time, the turn too', () => {
    const clock = createVirtualClock()
    let turns = 0
    const cancels: (() => void)[] = []
    const turning: Clock = {
      ...clock,
      setTurn(run) {
        if (++turns === 5) clock.setTimer(() => cancels[0]!(), 0)
        return clock.setTimer(run, 0)
      },
    }
    cancels.push(setLimit(turning, 1_000, () => assert.unreachable('ran')))
    clock.advance(10_000)
    assert.is(turns, 5)
    assert.is(clock.pendingTimers, 0)
  })
})

spec('Patience', (it) => {
  it('passes with the clock while nothing holds it, without timers', () => {
    const clock = createVirtualClock()
    const patience = new Patience({ clock })
    const start = patience.now()
    standStill(clock, 3_600_000)
    assert.is(patience.now() - start, 3_600_000)
    assert.is(clock.pendingTimers, 0)
  })

  it('counts a standstill as half a second while it is held', () => {
    const { clock, patience } = held()
    const start = patience.now()
    standStill(clock, 3_600_000)
    assert.is(patience.now() - start, 500)
    clock.advance(5_000)
    assert.is(patience.now() - start, 5_500)
  })

  it('counts every step with steps far between', () => {
    const { clock, patience } = held()
    const start = patience.now()
    for (let count = 1; count <= 10; count++) {
      clock.advance(5_000)
      assert.is(patience.now() - start, count * 5_000)
      assert.is(patience.turnedMs - start, count * 5_000)
    }
  })

  it('judges by the time of the last turn', () => {
    const { clock, patience } = held()
    let seen: number[] = []
    clock.setTimer(() => {
      clock.advance(10_000)
      seen = [patience.turnedMs, patience.now()]
    }, 1_050)
    clock.advance(1_050)
    assert.equal(seen, [1_000, 1_500])
    clock.advance(0)
    assert.is(patience.turnedMs, 1_500)
  })

  it('has no timer once nothing holds it, or a minute after it was last asked', () => {
    const { clock, patience, holder } = held()
    assert.is(clock.pendingTimers, 1)
    clock.advance(59_000)
    assert.is(clock.pendingTimers, 1)
    clock.advance(2_000)
    assert.is(clock.pendingTimers, 0)
    patience.now()
    assert.is(clock.pendingTimers, 1)
    patience.hold(holder, false)
    assert.is(clock.pendingTimers, 0)
  })

  it('goes on by another clock', () => {
    const config = { clock: createVirtualClock() }
    const first = config.clock
    const patience = new Patience(config)
    patience.hold({}, true)
    first.advance(10_000)
    const start = patience.now()
    config.clock = createVirtualClock()
    assert.is(patience.now(), start)
    assert.is(first.pendingTimers, 0)
    config.clock.advance(1_000)
    assert.is(patience.now(), start + 1_000)
  })

  it('never jumps back, and never runs ahead of the clock', () => {
    const action = fc.tuple(fc.constantFrom('advance', 'stand', 'hold', 'release'), fc.nat(2_000))
    fc.assert(
      fc.property(fc.array(action), (actions) => {
        const clock = createVirtualClock()
        const patience = new Patience({ clock })
        const holder = {}
        let last = patience.now()
        for (const [kind, ms] of actions) {
          if (kind === 'advance') clock.advance(ms)
          else if (kind === 'stand') standStill(clock, ms)
          else patience.hold(holder, kind === 'hold')
          const { turnedMs } = patience
          const now = patience.now()
          assert.ok(now >= last && now >= turnedMs && now <= clock.now() + 1e-6)
          last = now
        }
      }),
    )
  })
})

function held(): {
  clock: ReturnType<typeof createVirtualClock>
  patience: Patience
  holder: object
} {
  const clock = createVirtualClock()
  const patience = new Patience({ clock })
  const holder = {}
  patience.hold(holder, true)
  return { clock, patience, holder }
}
