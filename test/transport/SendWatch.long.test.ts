import { once } from 'node:events'
import { type AddressInfo, connect, createServer, Socket } from 'node:net'
import { setTimeout as rest } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { SendWatch } from '../../src/transport/node/SendWatch.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

spec('peers that acknowledge nothing', (it) => {
  it('a network socket that has lost its addresses is let go, and the others are watched on', async () => {
    const watch = new SendWatch()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const near = connect((server.address() as AddressInfo).port, '127.0.0.1')
    const [far] = (await once(server, 'connection')) as [Socket]
    try {
      // Never connected, so that the system knows no address of it.
      const gone = watch.add(new Socket())
      const living = watch.add(far)
      await until(
        () => !gone.isWatched && !living.isWatched,
        () => {},
        20_000,
      )
      assert.not(far.destroyed)
      await rest(0)
    } finally {
      near.destroy()
      far.destroy()
      server.close()
    }
  })
})
