import { once } from 'node:events'
import { type AddressInfo, connect, createServer, Socket } from 'node:net'
import * as assert from 'uvu/assert'
import { SendWatch } from '../../src/transport/node/SendWatch.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

spec('peers that acknowledge nothing', (it) => {
  it('a network socket that the system does not know is let go, and one whose peer lives', async () => {
    const watch = new SendWatch()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const near = connect((server.address() as AddressInfo).port, '127.0.0.1')
    const [far] = (await once(server, 'connection')) as [Socket]
    try {
      const sendings = [watch.add(new Socket()), watch.add(far)]
      await until(
        () => sendings.every(({ isWatched }) => !isWatched),
        () => {},
        20_000,
      )
      assert.not(far.destroyed)
    } finally {
      near.destroy()
      far.destroy()
      server.close()
    }
  })
})
