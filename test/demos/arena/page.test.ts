import * as assert from 'uvu/assert'
import { backoff } from '../../../demos/arena/page/backoff.ts'
import { cameraFor } from '../../../demos/arena/page/camera.ts'
import { Effects } from '../../../demos/arena/page/Effects.ts'
import { bitsOfKeys, bitsOfStick } from '../../../demos/arena/page/keys.ts'
import { Pings } from '../../../demos/arena/page/Pings.ts'
import { Prediction } from '../../../demos/arena/page/Prediction.ts'
import { fieldHeight, fieldWidth, SteerBit } from '../../../demos/arena/shared/constants.ts'
import { type ShipState } from '../../../demos/arena/shared/picture.ts'
import { spec } from '../../spec.ts'

const { up, down, left, right, dash } = SteerBit

function ship(fields: Partial<ShipState> = {}): ShipState {
  const label = { player: 1, name: 'Ann', hue: 120, socketType: 6 }
  return { ...label, x: 0, y: 0, vx: 0, vy: 0, dashing: false, charge: 1, score: 0, ...fields }
}

spec('arena page: Prediction', (it) => {
  it('knows nothing before the server has told of the ship', () => {
    const prediction = new Prediction()
    prediction.bits = right
    prediction.run(1000)
    const known = ship({ x: 3 })
    assert.is(prediction.show(known), known)
  })

  it('moves at once', () => {
    const prediction = new Prediction()
    prediction.correct(ship({ x: 500, y: 500 }), 1000, 0)
    prediction.bits = right | down
    prediction.run(1100)
    const { x, y } = prediction.show(ship())
    assert.ok(x > 501 && y > 501, `${x} ${y}`)
  })

  it('agrees with a server that heard of the same a round trip later', () => {
    const [page, server] = [new Prediction(), new Prediction()]
    const begin = ship({ x: 500, y: 500 })
    page.correct(begin, 0, 0)
    server.correct(begin, 0, 0)
    page.bits = right
    page.run(200)
    // The server is 100 ms behind: it has run for 100 ms of what the page has.
    server.bits = right
    server.run(100)
    const before = page.show(begin).x
    page.correct(server.show(begin), 200, 100)
    assert.ok(Math.abs(page.show(begin).x - before) < 1e-9)
  })

  it('is led gently to where the server has the ship', () => {
    const prediction = new Prediction()
    prediction.correct(ship({ x: 500, y: 500 }), 0, 0)
    prediction.run(100)
    prediction.correct(ship({ x: 520, y: 500 }), 100, 50)
    assert.is(Math.round(prediction.show(ship()).x), 504)
    for (let count = 0; count < 30; count++) prediction.correct(ship({ x: 520, y: 500 }), 100, 50)
    assert.is(Math.round(prediction.show(ship()).x), 520)
  })

  it('takes the word of the server at once when they are far apart', () => {
    const prediction = new Prediction()
    prediction.correct(ship({ x: 500, y: 500 }), 0, 0)
    prediction.run(100)
    prediction.correct(ship({ x: 700, y: 500, vx: -50 }), 100, 50)
    const { x, vx } = prediction.show(ship())
    assert.equal([x, vx], [700, -50])
  })

  it('does not live through the time when the page was hidden', () => {
    const prediction = new Prediction()
    prediction.correct(ship({ x: 500, y: 500 }), 0, 0)
    prediction.bits = right
    prediction.run(60_000)
    const known = ship({ x: 800 })
    assert.is(prediction.show(known), known)
  })
})

spec('arena page: controls', (it) => {
  for (const [codes, bits] of [
    [[], 0],
    [['ArrowUp', 'KeyD'], up | right],
    [['KeyA', 'KeyS', 'Space'], left | down | dash],
    [['ShiftLeft', 'ShiftRight', 'KeyW', 'ArrowUp'], dash | up],
    [['Enter', 'KeyQ', 'constructor'], 0],
  ] as const)
    it(`${codes.join(' ') || 'no key'} steers ${bits}`, () => assert.is(bitsOfKeys(codes), bits))

  for (const [dx, dy, bits] of [
    [3, 4, 0],
    [30, 0, right],
    [30, 8, right],
    [30, 20, right | down],
    [-1, 40, down],
    [-30, -30, left | up],
    [0, -13, up],
  ] as const)
    it(`a stick at ${dx}, ${dy} steers ${bits}`, () => assert.is(bitsOfStick(dx, dy, 12), bits))
})

spec('arena page: the rest', (it) => {
  it('waits longer after each attempt to connect, up to 5 s', () => {
    assert.equal([0, 1, 2, 3, 4, 50].map(backoff), [500, 1000, 2000, 4000, 5000, 5000])
  })

  it('measures the round trip by the answer to its newest ping', () => {
    const sent: number[] = []
    const pings = new Pings((token) => sent.push(token))
    pings.tick(0)
    pings.tick(999)
    pings.tick(1000)
    assert.is(sent.length, 2)
    pings.answered(sent[0]!, 1005)
    assert.is(pings.roundTripMs, undefined)
    pings.answered(sent[1]!, 1040)
    assert.is(pings.roundTripMs, 40)
    pings.tick(2000)
    pings.answered(sent[2]!, 2050)
    assert.is(pings.roundTripMs, 43)
  })

  it('shows the whole field where it is large enough, and else what is around the ship', () => {
    const whole = cameraFor(fieldWidth, fieldHeight + 100, { x: 0, y: 0 })
    assert.equal(whole, { scale: 1, x: 0, y: -50 })
    const { scale, x, y } = cameraFor(280, 280, { x: 800, y: 500 })
    assert.equal([Math.round(280 / scale), Math.round(x), Math.round(y)], [500, 550, 250])
    const corner = cameraFor(280, 280, { x: fieldWidth, y: 0 })
    assert.equal([Math.round(corner.x), corner.y], [1100, 0])
  })

  it('notes points of the own ship, hits and dashes, for a moment', () => {
    const effects = new Effects()
    effects.watch([ship(), ship({ player: 2, score: 4, hue: 7 })], 1, 0)
    assert.is(effects.all().length, 0)
    const hit = ship({ player: 2, score: 2, hue: 7, dashing: true })
    effects.watch([ship({ score: 1 }), hit], 1, 10)
    assert.equal(
      effects.all().map(({ kind, player, hue }) => [kind, player, hue]),
      [
        ['point', 1, 120],
        ['trail', 2, 7],
        ['ring', 2, 7],
      ],
    )
    effects.watch([ship({ score: 1 }), ship({ player: 2, score: 5 })], 1, 2000)
    assert.is(effects.all().length, 0)
  })
})
