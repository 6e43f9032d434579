import * as assert from 'uvu/assert'
import { spec } from '../spec.ts'
import { type Impairment, LossyProxy, type LossyProxyOptions } from './LossyProxy.ts'
import { mulberry32 } from './random.ts'
import { RawDatagrams } from './RawDatagrams.ts'
import { until } from './until.ts'

type Scene = { proxy: LossyProxy; target: RawDatagrams; client: RawDatagrams }

/** A client, a bad network and a target, which are closed after `run`. */
async function withProxy(
  options: Partial<LossyProxyOptions>,
  run: (scene: Scene) => Promise<void>,
): Promise<void> {
  const target = await RawDatagrams.bind()
  const client = await RawDatagrams.bind()
  const proxy = await LossyProxy.open({ targetPort: target.port, seed: 1, ...options })
  try {
    await run({ proxy, target, client })
  } finally {
    for (const end of [proxy, target, client]) end.close()
  }
}

/** Sends numbered datagrams and gives the numbers that arrive, when all of them have met their fate. */
async function fates(toTarget: Impairment, count = 400, seed = 1): Promise<number[]> {
  let numbers: number[] = []
  await withProxy({ toTarget, seed }, async ({ proxy, target, client }) => {
    for (let index = 0; index < count; index++) {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32LE(index)
      client.send(bytes, proxy.port)
      // One by one, so that the kernel drops none.
      await until(() => proxy.counts.arrived > index)
    }
    const { counts } = proxy
    await until(() => counts.dropped + target.received.length >= count)
    await until(() => proxy.isIdle && target.received.length === counts.forwarded)
    numbers = target.received.map(({ hex }) => Buffer.from(hex, 'hex').readUInt32LE())
  })
  return numbers
}

function isSorted(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || numbers[index - 1]! <= number)
}

spec('LossyProxy', (it) => {
  it('carries both ways, each client on a port of its own', async () => {
    await withProxy({}, async ({ proxy, target, client }) => {
      const other = await RawDatagrams.bind()
      client.send('01', proxy.port)
      const first = await target.take()
      other.send('02', proxy.port)
      const second = await target.take()
      assert.equal([first.hex, second.hex], ['01', '02'])
      assert.is.not(first.port, second.port)
      target.send('a2', second.port)
      target.send('a1', first.port)
      assert.equal(await client.take(), { hex: 'a1', ip: '127.0.0.1', port: proxy.port })
      assert.equal(await other.take(), { hex: 'a2', ip: '127.0.0.1', port: proxy.port })
      other.close()
    })
  })

  it('takes nothing from strangers at the far side', async () => {
    await withProxy({}, async ({ proxy, target, client }) => {
      const stranger = await RawDatagrams.bind()
      client.send('01', proxy.port)
      const { port } = await target.take()
      stranger.send('ee', port)
      target.send('a1', port)
      assert.is((await client.take()).hex, 'a1')
      assert.equal(client.received, [])
      stranger.close()
    })
  })

  it('changes nothing unless told to', async () => {
    assert.equal(
      await fates({}),
      Array.from({ length: 400 }, (_, index) => index),
    )
  })

  it('loses about as many as asked, the same ones for the same seed', async () => {
    const numbers = await fates({ loss: 0.3 })
    assert.ok(numbers.length > 240 && numbers.length < 320, `${numbers.length} of 400`)
    assert.ok(isSorted(numbers))
    assert.equal(await fates({ loss: 0.3 }), numbers)
    assert.not.equal(await fates({ loss: 0.3 }, 400, 2), numbers)
    assert.equal(await fates({ loss: 1 }, 20), [])
  })

  it('repeats about as many as asked', async () => {
    const numbers = await fates({ duplicate: 0.25 })
    assert.is(new Set(numbers).size, 400)
    assert.ok(numbers.length > 460 && numbers.length < 540, `${numbers.length} of 400`)
  })

  it('lets neighbours change places', async () => {
    const numbers = await fates({ swap: 0.2 })
    assert.not.ok(isSorted(numbers))
    assert.equal(
      numbers.toSorted((a, b) => a - b),
      Array.from({ length: 400 }, (_, index) => index),
    )
    assert.ok(numbers.every((number, index) => Math.abs(number - index) <= 1))
  })

  it('lets a held datagram go when no other follows', async () => {
    assert.equal(await fates({ swap: 1 }, 1), [0])
  })

  it('flips one bit of what it damages', async () => {
    const numbers = await fates({ corrupt: 1 }, 50)
    numbers.forEach((number, index) => {
      const flipped = (number ^ index) >>> 0
      assert.is(Math.log2(flipped) % 1, 0)
    })
  })

  it('delays, and jitter reorders', async () => {
    await withProxy({ toClient: { delayMs: 60 } }, async ({ proxy, target, client }) => {
      client.send('01', proxy.port)
      const { port } = await target.take()
      const sent = performance.now()
      target.send('a1', port)
      await client.take()
      assert.ok(performance.now() - sent > 58)
    })
    assert.not.ok(isSorted(await fates({ jitterMs: 30 })))
    assert.ok(isSorted(await fates({ delayMs: 30 }, 50)))
  })

  it('swallows everything while it is a black hole', async () => {
    await withProxy({}, async ({ proxy, target, client }) => {
      client.send('01', proxy.port)
      const { port } = await target.take()
      proxy.isBlackhole = true
      client.send('02', proxy.port)
      target.send('a2', port)
      await until(() => proxy.counts.dropped === 2)
      proxy.isBlackhole = false
      client.send('03', proxy.port)
      target.send('a3', port)
      assert.is((await target.take()).hex, '03')
      assert.is((await client.take()).hex, 'a3')
    })
  })

  it('is bounded', async () => {
    const options = { toTarget: { delayMs: 60_000 }, pendingMax: 3, clientsMax: 1 }
    await withProxy(options, async ({ proxy, client }) => {
      for (let count = 0; count < 5; count++) client.send('01', proxy.port)
      await until(() => proxy.counts.arrived === 5)
      assert.is(proxy.counts.dropped, 2)
      const other = await RawDatagrams.bind()
      other.send('02', proxy.port)
      client.send('03', proxy.port)
      await until(() => proxy.counts.arrived === 6)
      assert.is(proxy.counts.forwarded, 0)
      other.close()
    })
  })

  it('leaves nothing behind', async () => {
    const scenario = { toTarget: { delayMs: 60_000, swap: 0.5 } }
    await withProxy(scenario, async ({ proxy, client }) => {
      for (let count = 0; count < 20; count++) client.send('01', proxy.port)
      await until(() => proxy.counts.arrived === 20)
    })
    await until(() => !process.getActiveResourcesInfo().includes('UDPWrap'))
    // The limit of this very case is the one timer left.
    assert.equal(
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout'),
      ['Timeout'],
    )
  })
})

spec('mulberry32', (it) => {
  it('gives the numbers of the published algorithm', () => {
    const next = mulberry32(1)
    const words = Array.from({ length: 3 }, () => next() * 2 ** 32)
    assert.equal(words, [2693262067, 11749833, 2265367787])
  })
})
