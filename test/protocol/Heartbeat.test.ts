import * as assert from 'uvu/assert'
import { checkHeartbeat, createHeartbeat } from '../../src/protocol/Heartbeat.ts'
import { spec } from '../spec.ts'

const limits = { pingIntervalMs: 100, pongTimeoutMs: 50 }

/** A peer that is looked at, of whom 10 bytes have been read at the time 0. */
function createPeer(): (nowMs: number, bytesRead?: number, isPaused?: boolean) => unknown {
  const heartbeat = createHeartbeat(0)
  const look = (nowMs: number, bytesRead = 10, isPaused = false): unknown =>
    checkHeartbeat(heartbeat, nowMs, bytesRead, isPaused, limits)
  look(0)
  return look
}

spec('a heartbeat', (it) => {
  it('asks once, exactly one interval after the last sign of life', () => {
    const look = createPeer()
    assert.is(look(99), undefined)
    assert.is(look(100), 'ask')
    assert.is(look(101), undefined)
  })

  it('loses a peer that has not answered in time at two looks in a row', () => {
    const look = createPeer()
    assert.is(look(100), 'ask')
    assert.is(look(149), undefined)
    assert.is(look(150), undefined)
    assert.is(look(151), 'lost')
  })

  it('takes any byte for a sign of life, and begins again', () => {
    const look = createPeer()
    assert.is(look(100), 'ask')
    assert.is(look(150), undefined)
    assert.is(look(160, 11), undefined)
    assert.is(look(259, 11), undefined)
    assert.is(look(260, 11), 'ask')
    assert.is(look(310, 11), undefined)
    assert.is(look(311, 11), 'lost')
  })

  it('asks nothing of a peer that is not read', () => {
    const look = createPeer()
    assert.is(look(100, 10, true), undefined)
    assert.is(look(199), undefined)
    assert.is(look(200), 'ask')
    assert.is(look(250, 10, true), undefined)
    assert.is(look(251, 10, true), undefined)
  })
})
