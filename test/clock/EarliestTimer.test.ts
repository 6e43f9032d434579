import { createVirtualClock } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { EarliestTimer } from '../../src/clock/EarliestTimer.ts'
import { spec } from '../spec.ts'

spec('EarliestTimer', (it) => {
  it('runs once, for the earliest of what it was set for, and can be set again then', () => {
    const clock = createVirtualClock()
    const timer = new EarliestTimer()
    const ran: string[] = []
    const set = (name: string, dueMs: number): void =>
      timer.set(clock, dueMs, clock.now(), () => ran.push(`${name} ${clock.now()}`))
    set('later', 50)
    set('first', 20)
    set('last', 80)
    assert.is(clock.pendingTimers, 1)
    clock.advance(19)
    assert.equal(ran, [])
    clock.advance(100)
    assert.equal(ran, ['first 20'])
    set('late', 0)
    clock.advance(0)
    assert.equal(ran, ['first 20', 'late 119'])
    assert.is(clock.pendingTimers, 0)
  })

  it('runs after the event loop has turned', () => {
    const turns: (() => void)[] = []
    const clock = createVirtualClock()
    const turning = { ...clock, now: () => clock.now(), setTurn: (run: () => void) => queue(run) }
    function queue(run: () => void): () => void {
      turns.push(run)
      return () => void turns.splice(turns.indexOf(run), 1)
    }
    const timer = new EarliestTimer()
    let ran = 0
    timer.set(turning, 10, 0, () => ran++)
    clock.advance(10)
    assert.is(ran, 0)
    turns.shift()!()
    assert.is(ran, 1)
  })

  it('does not run when it was cancelled, whether it waits for its time or for the turn', () => {
    const turns = new Set<() => void>()
    const clock = createVirtualClock()
    const setTurn = (run: () => void): (() => void) => {
      turns.add(run)
      return () => void turns.delete(run)
    }
    const turning = { ...clock, now: () => clock.now(), setTurn }
    const timer = new EarliestTimer()
    timer.set(turning, 10, 0, () => assert.unreachable())
    timer.cancel()
    assert.is(clock.pendingTimers, 0)
    timer.set(turning, 10, 0, () => assert.unreachable())
    clock.advance(10)
    assert.is(turns.size, 1)
    timer.cancel()
    assert.is(turns.size, 0)
  })
})
