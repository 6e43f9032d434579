import { type AddressInfo, connect, createServer } from 'node:net'
import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { type Clock, realClock } from '../../src/clock/Clock.ts'
import { createVirtualClock, type VirtualClock } from '../../src/clock/createVirtualClock.ts'
import { startTicks, type Ticks } from '../../src/clock/startTicks.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

/** The messages of an error, or of several. */
function messagesOf(error: unknown): string[] {
  return error instanceof AggregateError
    ? error.errors.flatMap(messagesOf)
    : [(error as Error).message]
}

spec('startTicks', (it) => {
  it('steps at exact times over 10,000 ticks at 60 Hz', () => {
    for (const origin of [0, 123.4]) {
      const clock = createVirtualClock()
      clock.advance(origin)
      const times: number[] = []
      const numbers: number[] = []
      const ticks = startTicks(
        (tick) => {
          times.push(clock.now())
          numbers.push(tick)
        },
        { hz: 60, clock },
      )
      while (times.length < 10_000) clock.advance(77.7)
      for (let n = 1; n <= 10_000; n++) {
        assert.is(times[n - 1], origin + (n * 1000) / 60)
        assert.is(numbers[n - 1], n)
      }
      assert.is(ticks.ticks, times.length)
      assert.is(ticks.overruns, 0)
      assert.is(ticks.skipped, 0)
      ticks.stop()
    }
  })

  it('steps first one interval after the start, with one argument', () => {
    const clock = createVirtualClock()
    const calls: unknown[][] = []
    startTicks((...args: unknown[]) => void calls.push(args), { hz: 100, clock })
    clock.advance(9.9)
    assert.equal(calls, [])
    clock.advance(0.1)
    assert.equal(calls, [[1]])
  })

  it('does not drift by what the steps take', () => {
    const clock = createVirtualClock()
    const times: number[] = []
    const step = (): void => {
      times.push(clock.now())
      clock.advance(7)
    }
    const ticks = startTicks(step, { hz: 100, clock })
    clock.advance(1000)
    assert.equal(
      times,
      Array.from({ length: 100 }, (_, i) => (i + 1) * 10),
    )
    assert.is(ticks.overruns, 0)
  })

  it('lets the event loop turn between the ticks that it catches up', () => {
    const clock = createVirtualClock()
    const calls: string[] = []
    const turning: Clock = {
      ...clock,
      setTurn(run) {
        calls.push('turn')
        return clock.setTimer(run, 0)
      },
    }
    const ticks = startTicks((tick) => void calls.push(`${tick}@${clock.now()}`), {
      hz: 100,
      clock: turning,
    })
    block(clock, 35)
    assert.equal(calls, ['1@35', 'turn', '2@35', 'turn', '3@35'])
    block(clock, 15)
    assert.equal(calls.slice(5), ['4@50', 'turn', '5@50'])
    assert.is(clock.pendingTimers, 1)
    ticks.stop()
  })

  it('reads sockets between the ticks that it catches up', async () => {
    const server = createServer((socket) => socket.on('data', () => calls.push('read')))
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    const calls: string[] = []
    const ticks: Ticks = startTicks(
      (tick) => {
        calls.push(`tick ${tick}`)
        if (tick === 1) socket.write('x')
        const end = realClock.now() + 30
        while (realClock.now() < end);
        if (tick === 30) ticks.stop()
      },
      { hz: 100, catchUpMax: 30, warn: () => undefined },
    )
    try {
      await until(() => !ticks.running)
      assert.ok(calls.includes('read'))
      assert.ok(calls.indexOf('read') < 5, calls.join())
    } finally {
      ticks.stop()
      socket.destroy()
      server.close()
    }
  })

  it('catches up late ticks in order, at once', () => {
    const clock = createVirtualClock()
    const calls: string[] = []
    const ticks = startTicks((tick) => void calls.push(`${tick}@${clock.now()}`), {
      hz: 100,
      clock,
    })
    block(clock, 45)
    assert.equal(calls, ['1@45', '2@45', '3@45', '4@45'])
    clock.advance(15)
    assert.equal(calls.slice(4), ['5@50', '6@60'])
    assert.is(ticks.skipped, 0)
    assert.is(ticks.overruns, 0)
  })

  it('drops what is later than catchUpMax, uses up no number for it, and keeps the phase', () => {
    const clock = createVirtualClock()
    const calls: string[] = []
    const ticks = startTicks((tick) => void calls.push(`${tick}@${clock.now()}`), {
      hz: 100,
      catchUpMax: 3,
      clock,
    })
    block(clock, 105)
    assert.equal(calls, ['1@105', '2@105', '3@105'])
    assert.is(ticks.ticks, 3)
    assert.is(ticks.skipped, 7)
    clock.advance(20)
    assert.equal(calls.slice(3), ['4@110', '5@120'])
    assert.is(ticks.skipped, 7)
  })

  it('catches up 5 by default, and passes over a night asleep', () => {
    const clock = createVirtualClock()
    const ticks = startTicks(() => undefined, { hz: 60, clock })
    block(clock, 8 * 3_600_000)
    assert.is(ticks.ticks, 5)
    assert.is(ticks.skipped, 8 * 3600 * 60 - 5)
  })

  it('counts overruns, and drops ticks when every step takes too long', () => {
    const clock = createVirtualClock()
    const ticks = startTicks(() => clock.advance(20), { hz: 100, clock, warn: () => undefined })
    while (clock.now() < 10_000) clock.advance(1)
    assert.is(ticks.overruns, ticks.ticks)
    assert.ok(Math.abs(ticks.ticks - 500) <= 5, `${ticks.ticks} steps of 20 ms in 10 s`)
    assert.ok(ticks.skipped > 480, `${ticks.skipped} skipped`)
  })

  it('takes a step of exactly one interval for no overrun', () => {
    const clock = createVirtualClock()
    const ticks = startTicks(() => clock.advance(10), { hz: 100, clock })
    clock.advance(95)
    assert.is(ticks.overruns, 0)
    assert.is(ticks.skipped, 0)
  })

  it('stops, more than once, and leaves no timer', () => {
    const clock = createVirtualClock()
    const ticks = startTicks(() => undefined, { hz: 100, clock })
    clock.advance(25)
    assert.ok(ticks.running)
    ticks.stop()
    ticks.stop()
    assert.not(ticks.running)
    assert.is(clock.pendingTimers, 0)
    clock.advance(100)
    assert.is(ticks.ticks, 2)
  })

  it('stops inside a step, in the middle of catching up', () => {
    const clock = createVirtualClock()
    const seen: number[] = []
    const ticks: Ticks = startTicks(
      (tick) => {
        seen.push(tick)
        assert.is(ticks.ticks, tick)
        if (tick === 2) ticks.stop()
      },
      { hz: 100, clock },
    )
    block(clock, 45)
    clock.advance(100)
    assert.equal(seen, [1, 2])
    assert.is(ticks.ticks, 2)
    assert.not(ticks.running)
    assert.is(clock.pendingTimers, 0)
  })

  it('lets what a step throws through and goes on', () => {
    const clock = createVirtualClock()
    const seen: string[] = []
    const broken = new Error('broken')
    const ticks = startTicks(
      (tick) => {
        seen.push(`${tick}@${clock.now()}`)
        if (tick === 2) throw broken
      },
      { hz: 100, clock },
    )
    assert.is(
      thrownBy(() => block(clock, 45)),
      broken,
    )
    assert.equal(seen, ['1@45', '2@45', '3@45', '4@45'])
    clock.advance(5)
    assert.is(seen[4], '5@50')
    assert.is(ticks.ticks, 5)
    assert.is(clock.pendingTimers, 1)
  })

  it('has the next tick set before an error leaves, unless the step stopped it', () => {
    for (const stops of [false, true]) {
      const clock = createVirtualClock()
      const ticks: Ticks = startTicks(
        () => {
          if (stops) ticks.stop()
          throw new Error('broken')
        },
        { hz: 100, clock },
      )
      assert.throws(() => clock.advance(10), 'broken')
      assert.is(clock.pendingTimers, stops ? 0 : 1)
    }
  })

  it('hands what a step throws to onError, and goes on', () => {
    const clock = createVirtualClock()
    const seen: unknown[] = []
    const ticks = startTicks(
      (tick) => {
        if (tick % 2 === 0) throw new Error(`tick ${tick}`)
        seen.push(tick)
      },
      { hz: 100, clock, onError: (error) => void seen.push((error as Error).message) },
    )
    block(clock, 45)
    clock.advance(15)
    assert.equal(seen, [1, 'tick 2', 3, 'tick 4', 5, 'tick 6'])
    assert.is(ticks.ticks, 6)
    ticks.stop()
  })

  it('lets what onError throws through and goes on', () => {
    const clock = createVirtualClock()
    const broken = new Error('broken')
    const ticks = startTicks(fail, { hz: 100, clock, onError: () => fail(broken) })
    assert.is(
      thrownBy(() => clock.advance(10)),
      broken,
    )
    assert.is(clock.pendingTimers, 1)
    ticks.stop()
  })

  it('warns once when more than a tenth of the ticks overrun', () => {
    const clock = createVirtualClock()
    const warnings: string[] = []
    const seen: number[] = []
    // Of each 100 ticks 10 overrun, and 11 of the third 100.
    const ticks = startTicks(
      (tick) => {
        if (tick % 10 === 0 || tick === 299 || tick > 400) clock.advance(10.5)
        seen[tick] = warnings.length
      },
      { hz: 100, clock, warn: (message) => void warnings.push(message) },
    )
    while (ticks.ticks < 600) clock.advance(100)
    assert.is(seen[300], 0)
    assert.is(seen[301], 1)
    assert.equal(warnings, [
      'bitecs-networking: startTicks: more than a tenth of the ticks take longer than 10 ms, the last one 10.5 ms',
    ])
    ticks.stop()
  })

  it('a warn that throws hides no error of a step', () => {
    for (const hasOnError of [false, true]) {
      const clock = createVirtualClock()
      const taken: string[] = []
      const ticks = startTicks(
        (tick) => {
          clock.advance(20)
          throw new Error(`step ${tick}`)
        },
        {
          hz: 100,
          catchUpMax: 1,
          clock,
          ...(hasOnError ? { onError: (error) => taken.push((error as Error).message) } : {}),
          warn() {
            throw new Error('warn')
          },
        },
      )
      const thrown: string[] = []
      while (ticks.ticks < 12)
        try {
          clock.advance(10)
        } catch (error) {
          thrown.push(...messagesOf(error))
        }
      ticks.stop()
      const steps = Array.from({ length: 12 }, (_, index) => `step ${index + 1}`)
      assert.equal(hasOnError ? taken : thrown.filter((each) => each !== 'warn'), steps)
      assert.equal(
        thrown.filter((each) => each === 'warn' || hasOnError),
        ['warn'],
      )
    }
  })

  it('neither steps early nor spins when timers cut off fractions', () => {
    const clock = createVirtualClock()
    let wakeUps = 0
    const cutting: Clock = {
      now: () => clock.now(),
      setTimer: (run, delayMs) =>
        clock.setTimer(
          () => {
            wakeUps++
            run()
          },
          Math.max(Math.trunc(delayMs) - 0.4, 0),
        ),
    }
    const times: number[] = []
    const ticks = startTicks(() => void times.push(clock.now()), { hz: 60, clock: cutting })
    clock.advance(100_001)
    assert.is(ticks.ticks, 6000)
    for (const [i, time] of times.entries()) {
      const due = ((i + 1) * 1000) / 60
      assert.ok(time >= due && time < due + 1, `tick ${i + 1} due at ${due} came at ${time}`)
    }
    assert.ok(wakeUps <= 3 * ticks.ticks, `${wakeUps} wake-ups`)
  })

  it('does not step a rounding error early', () => {
    // The last number before tick 17 at 144 Hz is due; times 144 / 1000 it rounds to 17.
    const early = 118.05555555555554
    assert.ok(early < 17_000 / 144 && (early * 144) / 1000 === 17)
    let time = 0
    let wake: () => void = step
    const clock: Clock = {
      now: () => time,
      setTimer(run) {
        wake = run
        return () => undefined
      },
    }
    const ticks = startTicks(step, { hz: 144, catchUpMax: 20, clock })
    time = early
    for (let count = 0; count < 16; count++) wake()
    wake()
    assert.is(ticks.ticks, 16)
    time = 17_000 / 144
    wake()
    assert.is(ticks.ticks, 17)
  })

  it('asks no timer for more than setTimeout can wait', () => {
    const clock = createVirtualClock()
    const delays: number[] = []
    const noting: Clock = {
      now: () => clock.now(),
      setTimer(run, delayMs) {
        delays.push(delayMs)
        return clock.setTimer(run, delayMs)
      },
    }
    const ticks = startTicks(() => undefined, { hz: 1e-7, clock: noting })
    clock.advance(1e10 - 1)
    assert.is(ticks.ticks, 0)
    clock.advance(2)
    assert.is(ticks.ticks, 1)
    assert.ok(delays.every((delayMs) => delayMs < 2 ** 31))
    startTicks(() => undefined, { hz: Number.MIN_VALUE, clock: noting }).stop()
  })

  it('holds its promises for any rate, limit and work', () => {
    const work = fc.array(fc.double({ min: 0, max: 80, noNaN: true }), {
      minLength: 1,
      maxLength: 20,
    })
    const hz = fc.double({ min: 0.5, max: 1000, noNaN: true })
    fc.assert(
      fc.property(
        hz,
        fc.integer({ min: 1, max: 6 }),
        work,
        fc.nat(1000),
        (hz, most, work, origin) => {
          const clock = createVirtualClock()
          clock.advance(origin / 7)
          const start = clock.now()
          let inARow = 0
          let lastWakeUp = start
          const turns = new Set<() => void>()
          const counting: Clock = {
            now: () => clock.now(),
            setTurn(run) {
              turns.add(run)
              return clock.setTimer(() => {
                turns.delete(run)
                run()
              }, 0)
            },
            setTimer: (run, delayMs) =>
              clock.setTimer(() => {
                inARow = 0
                lastWakeUp = clock.now()
                run()
              }, delayMs),
          }
          let calls = 0
          let overruns = 0
          let isBusy = true
          const step = (tick: number): void => {
            assert.is(tick, ++calls)
            assert.ok(++inARow <= most)
            assert.ok(
              clock.now() >= start + ((tick + ticks.skipped) * 1000) / hz,
              'a step came early',
            )
            const begin = clock.now()
            if (isBusy) clock.advance(work[tick % work.length]!)
            if (clock.now() - begin > 1000 / hz) overruns++
          }
          const ticks: Ticks = startTicks(step, {
            hz,
            catchUpMax: most,
            clock: counting,
            warn: () => undefined,
          })
          for (let i = 0; i < 50; i++) clock.advance(i)
          // Steps that always take longer than their interval never catch up.
          isBusy = false
          while (turns.size > 0) clock.advance(0)
          assert.is(ticks.ticks, calls)
          assert.is(ticks.overruns, overruns)
          const nextDue = start + ((ticks.ticks + ticks.skipped + 1) * 1000) / hz
          assert.ok(nextDue > lastWakeUp, 'a wake-up left a late tick')
          assert.is(clock.pendingTimers, 1)
          ticks.stop()
          assert.is(clock.pendingTimers, 0)
        },
      ),
    )
  })

  it('names what is wrong with its arguments', () => {
    const wrong: [unknown, unknown, ErrorConstructor, string][] = [
      [undefined, { hz: 60 }, TypeError, 'step must be a function, got undefined'],
      [step, undefined, TypeError, 'options must be an object, got undefined'],
      [step, {}, TypeError, 'hz must be a number, got undefined'],
      [step, { hz: '60' }, TypeError, 'hz must be a number, got "60"'],
      [step, { hz: 0 }, RangeError, 'hz must be > 0 and <= 1000, got 0'],
      [step, { hz: -1 }, RangeError, 'hz must be > 0 and <= 1000, got -1'],
      [step, { hz: 1000.5 }, RangeError, 'hz must be > 0 and <= 1000, got 1000.5'],
      [step, { hz: Number.NaN }, RangeError, 'hz must be > 0 and <= 1000, got NaN'],
      [step, { hz: Infinity }, RangeError, 'hz must be > 0 and <= 1000, got Infinity'],
      [step, { hz: 60, catchUpMax: 0 }, RangeError, 'catchUpMax must be an integer in 1..'],
      [step, { hz: 60, catchUpMax: 1.5 }, RangeError, 'catchUpMax must be an integer in 1..'],
      [step, { hz: 60, catchUpMax: '5' }, TypeError, 'catchUpMax must be an integer in 1..'],
      [step, { hz: 60, onError: 1 }, TypeError, 'onError must be a function, got 1'],
      [step, { hz: 60, warn: null }, TypeError, 'warn must be a function, got null'],
      [step, { hz: 60, clock: {} }, TypeError, 'clock must be a Clock, got an object'],
      [step, { hz: 60, clock: null }, TypeError, 'clock must be a Clock, got null'],
    ]
    for (const [step, options, kind, message] of wrong) {
      const thrown = thrownBy(() => Reflect.apply(startTicks, undefined, [step, options]))
      assert.ok(thrown instanceof kind, message)
      assert.ok(thrown.message.startsWith(`startTicks: ${message}`), thrown.message)
    }
  })

  it('runs 30 ticks of real time', async () => {
    const begin = realClock.now()
    const ticks = await new Promise<Ticks>((resolve) => {
      const ticks: Ticks = startTicks(
        (tick) => {
          if (tick === 30) resolve(ticks)
        },
        { hz: 120 },
      )
    })
    try {
      assert.ok(realClock.now() - begin >= (29 * 1000) / 120)
      assert.ok(ticks.ticks >= 30)
    } finally {
      ticks.stop()
    }
  })
})

function step(): void {}

function fail(error: unknown): never {
  throw error
}

/** Passes `ms` as a busy event loop does: what falls due meanwhile runs late, at its end. */
function block(clock: VirtualClock, ms: number): void {
  clock.setTimer(() => clock.advance(ms), 0)
  clock.advance(ms)
}

function thrownBy(run: () => void): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return assert.unreachable('did not throw')
}
