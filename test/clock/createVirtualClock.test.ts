import * as fc from 'fast-check'
import * as assert from 'uvu/assert'
import { createVirtualClock } from '../../src/clock/createVirtualClock.ts'
import { spec } from '../spec.ts'

spec('createVirtualClock', (it) => {
  it('stands at 0 until it is advanced', () => {
    const clock = createVirtualClock()
    assert.is(clock.now(), 0)
    clock.advance(1.5)
    assert.is(clock.now(), 1.5)
    clock.advance(0)
    assert.is(clock.now(), 1.5)
  })

  it('runs timers in order of due time, then of creation, at their due time', () => {
    const clock = createVirtualClock()
    const log: string[] = []
    const set = (name: string, delayMs: number): void => {
      clock.setTimer(() => log.push(`${name}@${clock.now()}`), delayMs)
    }
    set('a', 20)
    set('b', 10)
    set('c', 10)
    set('d', 30.5)
    set('e', 0)
    assert.is(clock.pendingTimers, 5)
    clock.advance(20)
    assert.equal(log, ['e@0', 'b@10', 'c@10', 'a@20'])
    assert.is(clock.pendingTimers, 1)
    clock.advance(10.4)
    assert.is(log.length, 4)
    clock.advance(1)
    assert.is(log[4], 'd@30.5')
    assert.is(clock.now(), 31.4)
  })

  it('runs no timer before it is advanced, and what is due now with advance(0)', () => {
    const clock = createVirtualClock()
    let runs = 0
    clock.setTimer(() => runs++, 0)
    assert.is(runs, 0)
    clock.advance(0)
    assert.is(runs, 1)
    clock.advance(0)
    assert.is(runs, 1)
  })

  it('takes negative and NaN delays as 0, and keeps an infinite one pending', () => {
    const clock = createVirtualClock()
    const log: number[] = []
    clock.advance(5)
    clock.setTimer(() => log.push(1), -10)
    clock.setTimer(() => log.push(2), Number.NaN)
    clock.setTimer(() => log.push(3), 0)
    const cancel = clock.setTimer(() => log.push(4), Infinity)
    clock.advance(1e12)
    assert.equal(log, [1, 2, 3])
    assert.is(clock.pendingTimers, 1)
    cancel()
    assert.is(clock.pendingTimers, 0)
  })

  it('runs timers set by a timer when they fall due inside the span', () => {
    const clock = createVirtualClock()
    const log: number[] = []
    const again = (): void => {
      log.push(clock.now())
      clock.setTimer(again, 10)
    }
    clock.setTimer(again, 10)
    clock.advance(35)
    assert.equal(log, [10, 20, 30])
    clock.advance(5)
    assert.equal(log, [10, 20, 30, 40])
  })

  it('cancels a timer, also from another timer and more than once', () => {
    const clock = createVirtualClock()
    const log: string[] = []
    const cancelA = clock.setTimer(() => log.push('a'), 1)
    const cancelB = clock.setTimer(() => log.push('b'), 3)
    clock.setTimer(() => cancelB(), 2)
    const cancelC = clock.setTimer(() => log.push('c'), 4)
    cancelA()
    cancelA()
    assert.is(clock.pendingTimers, 3)
    clock.advance(10)
    cancelC()
    assert.equal(log, ['c'])
    assert.is(clock.pendingTimers, 0)
  })

  it('finishes before it throws what a timer threw', () => {
    const clock = createVirtualClock()
    const broken = new Error('broken')
    let runs = 0
    clock.setTimer(() => {
      throw broken
    }, 1)
    clock.setTimer(() => runs++, 2)
    assert.is(
      thrownBy(() => clock.advance(10)),
      broken,
    )
    assert.is(runs, 1)
    assert.is(clock.now(), 10)
    clock.advance(1)
    assert.is(clock.now(), 11)
  })

  it('throws several errors as one AggregateError, in order', () => {
    const clock = createVirtualClock()
    const errors = [new Error('first'), new Error('second')]
    for (const error of errors) {
      clock.setTimer(() => {
        throw error
      }, 1)
    }
    const thrown = thrownBy(() => clock.advance(1))
    assert.ok(thrown instanceof AggregateError)
    assert.is(thrown.errors[0], errors[0])
    assert.is(thrown.errors[1], errors[1])
    assert.is(thrown.errors.length, 2)
  })

  it('only moves the time when a timer advances it: others run late, in order', () => {
    const clock = createVirtualClock()
    const log: string[] = []
    const note = (name: string) => (): void => void log.push(`${name}@${clock.now()}`)
    clock.setTimer(() => {
      clock.advance(25)
      note('slow')()
    }, 10)
    clock.setTimer(note('b'), 30)
    clock.setTimer(note('a'), 20)
    clock.setTimer(note('c'), 34)
    clock.advance(32)
    assert.equal(log, ['slow@35', 'a@35', 'b@35'])
    assert.is(clock.now(), 35)
    clock.advance(0)
    assert.is(log[3], 'c@35')
  })

  it('gives up on a timer that sets itself again without end', () => {
    const clock = createVirtualClock()
    const again = (): void => void clock.setTimer(again, 0)
    clock.setTimer(again, 5)
    assert.throws(
      () => clock.advance(10),
      /^advance: gave up after 1000000 timers, 5 ms before the end/,
    )
    assert.is(clock.now(), 5)
    assert.is(clock.pendingTimers, 1)
  })

  it('names what is wrong with the span', () => {
    const clock = createVirtualClock()
    for (const ms of [-1, Number.NaN, Infinity]) {
      const thrown = thrownBy(() => clock.advance(ms))
      assert.ok(thrown instanceof RangeError)
      assert.is(thrown.message, `advance: ms must be a finite number >= 0, got ${ms}`)
    }
    const thrown = thrownBy(() => Reflect.apply(clock.advance.bind(clock), undefined, ['5']))
    assert.ok(thrown instanceof TypeError)
    assert.is(thrown.message, 'advance: ms must be a number, got "5"')
  })

  it('runs any set of timers the same way however the span is cut', () => {
    const delays = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 })
    const spans = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 10 })
    fc.assert(
      fc.property(delays, spans, (delays, spans) => {
        const expected = delays
          .map((due, id) => ({ due, id }))
          .filter(({ due }) => due <= spans.reduce((sum, ms) => sum + ms, 0))
          .sort((a, b) => a.due - b.due || a.id - b.id)
        const ran: { due: number; id: number }[] = []
        const clock = createVirtualClock()
        for (const [id, delayMs] of delays.entries()) {
          clock.setTimer(() => ran.push({ due: clock.now(), id }), delayMs)
        }
        for (const ms of spans) clock.advance(ms)
        // With no span at all nothing has run, not even what is due at 0.
        assert.equal(ran, spans.length === 0 ? [] : expected)
        assert.is(clock.pendingTimers, delays.length - ran.length)
      }),
    )
  })
})

function thrownBy(run: () => void): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return assert.unreachable('did not throw')
}
