import * as assert from 'uvu/assert'
import {
  isIdle,
  type ReliableSink,
  setReliableOrder,
} from '../../../src/protocol/reliable/ReliableLink.ts'
import { spec } from '../../spec.ts'
import { type NetworkFaults } from './BadNetwork.ts'
import { numbered, numberOf, upTo } from './LinkBench.ts'
import { type End, Simulation } from './Simulation.ts'

const good: NetworkFaults = { loss: 0, duplicate: 0, corrupt: 0, delayMs: 10, jitterMs: 0 }
const bad: NetworkFaults = { loss: 0.1, duplicate: 0.1, corrupt: 0.02, delayMs: 20, jitterMs: 60 }

const numbersOf = (end: End): number[] => end.messages.map(numberOf)
const ascending = (one: number, other: number): number => one - other

spec('a reliable link', (it) => {
  it('tells of a dead peer once, 10 s after the first word without an answer', () => {
    for (const aliveMs of [0, 3_000]) {
      const simulation = new Simulation({ seed: 2, faults: good })
      const { a, b } = simulation
      for (; simulation.nowMs < aliveMs; simulation.run(simulation.nowMs + 100))
        simulation.send(a, numbered(0))
      b.isDead = true
      const firstMs = simulation.nowMs
      for (; simulation.nowMs < aliveMs + 9_000; simulation.run(simulation.nowMs + 500))
        simulation.send(a, numbered(1))
      assert.equal(a.losses, [])
      simulation.run(aliveMs + 60_000)
      assert.equal(
        a.losses.map(({ cause }) => cause),
        ['timedOut'],
      )
      const silentMs = a.losses[0]!.ms - firstMs
      assert.ok(silentMs > 9_000 && silentMs < 11_000, `told after ${silentMs} ms`)
      assert.ok(isIdle(a.link))
      // It is there again.
      b.isDead = false
      const { length } = b.messages
      simulation.send(a, numbered(77))
      simulation.run(simulation.nowMs + 1_000)
      assert.equal(numbersOf(b).slice(length), [77])
    }
  })

  it('tells of a peer that goes silent 10 s after its last word', () => {
    const simulation = new Simulation({ seed: 3, faults: good })
    const { a, b } = simulation
    for (; simulation.nowMs < 30_000; simulation.run(simulation.nowMs + 50))
      simulation.send(a, numbered(simulation.nowMs))
    b.isDead = true
    for (; simulation.nowMs < 50_000; simulation.run(simulation.nowMs + 50))
      if (a.losses.length === 0) simulation.send(a, numbered(simulation.nowMs))
    assert.is(a.losses.length, 1)
    assert.ok(Math.abs(a.losses[0]!.ms - 40_000) < 100)
  })

  it('tells once of a peer that dies in the middle of a message', () => {
    const simulation = new Simulation({ seed: 8, faults: good })
    const { a, b } = simulation
    simulation.send(b, numbered(0, 1 << 20))
    simulation.run(35)
    assert.not.ok(isIdle(a.link))
    b.isDead = true
    simulation.send(a, numbered(0))
    simulation.run(60_000)
    assert.is(a.losses.length, 1)
    assert.ok(isIdle(a.link))
  })

  it('has no dead peer while it has nothing to say', () => {
    const simulation = new Simulation({ seed: 4, faults: good })
    const { a, b } = simulation
    simulation.send(a, numbered(0))
    simulation.run(1_000)
    b.isDead = true
    simulation.run(3_600_000)
    assert.equal(a.losses, [])
    simulation.send(a, numbered(1))
    simulation.run(3_609_000)
    assert.equal(a.losses, [])
    simulation.run(3_611_000)
    assert.is(a.losses.length, 1)
  })

  it('survives a network that is away for 5 s of every 7', () => {
    for (const isOrdered of [false, true]) {
      const faults = { ...bad, isDown: (ms: number) => ms % 7_000 < 5_000 }
      const simulation = new Simulation({ seed: 5, faults, isOrdered })
      const { a, b } = simulation
      for (let number = 0; number < 1_000; number++) {
        simulation.send(a, numbered(number, number % 10 === 0 ? 5_000 : 10))
        simulation.send(b, numbered(number))
        simulation.run(simulation.nowMs + 70)
      }
      simulation.run(simulation.nowMs + 60_000)
      assert.equal([a.losses, b.losses], [[], []])
      for (const end of [a, b]) {
        const numbers = numbersOf(end)
        assert.equal(isOrdered ? numbers : numbers.sort(ascending), upTo(1_000))
      }
      assert.ok(simulation.isIdle)
    }
  })

  it('goes on when sequence numbers wrap, once and twice', () => {
    for (const isOrdered of [false, true]) {
      const count = isOrdered ? 70_000 : 140_000
      const simulation = new Simulation({ seed: 6, faults: bad, isOrdered })
      const { a, b } = simulation
      let isStarved = false
      for (let number = 0; number < count;) {
        for (let burst = 0; burst < 250; burst++) simulation.send(a, numbered(number++))
        simulation.run(simulation.nowMs + 100)
        isStarved ||= isIdle(a.link)
      }
      simulation.run(simulation.nowMs + 600_000)
      const numbers = numbersOf(b)
      assert.is(numbers.length, count)
      if (!isOrdered) numbers.sort(ascending)
      assert.ok(numbers.every((number, at) => number === at))
      assert.is(a.link.sender.next, count)
      assert.not.ok(isStarved)
      assert.equal(a.losses, [])
    }
  })

  it('loses and doubles nothing when the order is switched on and off', () => {
    const simulation = new Simulation({ seed: 7, faults: bad })
    const { a, b } = simulation
    const sink: ReliableSink = {
      send: () => undefined,
      message: (bytes) => b.messages.push(bytes),
      lost: () => undefined,
    }
    for (let number = 0; number < 3_000; number++) {
      simulation.send(a, numbered(number, number % 7 === 0 ? 3_000 : 4))
      simulation.run(simulation.nowMs + 5)
      if (number % 50 === 0) setReliableOrder(b.link, number % 100 === 0, sink)
    }
    simulation.run(simulation.nowMs + 10_000)
    assert.equal(numbersOf(b).sort(ascending), upTo(3_000))
    assert.ok(simulation.isIdle)
  })

  it('does not acknowledge what its game has no room for, and takes it later', () => {
    const simulation = new Simulation({ seed: 1, faults: good })
    const { a, b } = simulation
    let acks = 0
    b.onSend = () => acks++
    b.hasRoom = false
    for (const number of upTo(20)) simulation.send(a, numbered(number))
    simulation.run(3_000)
    assert.equal([b.messages.length, acks], [0, 0])
    b.hasRoom = true
    simulation.run(4_000)
    assert.equal(numbersOf(b), upTo(20))
    assert.ok(simulation.isIdle)
  })
})
