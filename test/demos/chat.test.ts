import * as assert from 'uvu/assert'
import { ChatServer } from '../../demos/chat/ChatServer.ts'
import { joinServer } from '../lib/gameMaker.ts'
import { freePort } from '../lib/freePort.ts'
import { RawPeer } from '../lib/RawPeer.ts'
import { until } from '../lib/until.ts'
import { spec } from '../spec.ts'

/** A packet with this many bytes, the last of which end a text. */
function packetOf(size: number): Uint8Array {
  const packet = Buffer.alloc(12 + size, 'x')
  packet.write('dec0adde0c000000', 'hex')
  packet.writeUInt32LE(size, 8)
  packet[12 + size - 1] = 0
  return packet
}

spec('the chat demo', (it) => {
  it('takes 32 clients and messages of 1024 bytes, no more', async () => {
    const chat = new ChatServer(await freePort(), () => {})
    const tick = (): void => chat.tick()
    const peers: RawPeer[] = []
    try {
      for (let count = 0; count < 32; count++) {
        const peer = await RawPeer.connect(chat.port)
        peers.push(peer)
        await joinServer(peer)
      }
      await until(() => chat.clients === 32, tick)
      const late = await RawPeer.connect(chat.port)
      peers.push(late)
      late.send('bebafeca0bb0adde1000000000000000')
      await until(() => late.hasEnded || late.isClosed, tick)
      assert.is(chat.clients, 32)
      const [talker, flooder] = peers as [RawPeer, RawPeer]
      talker.send(packetOf(1_024))
      flooder.send(packetOf(1_025))
      await until(() => flooder.hasEnded || flooder.isClosed, tick)
      await until(() => chat.clients === 31, tick)
      assert.is(talker.hasEnded || talker.isClosed, false)
    } finally {
      for (const peer of peers) peer.close()
      chat.close()
    }
  })
})
