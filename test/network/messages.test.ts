import { type EntityId, type World } from 'bitecs'
import {
  createMemoryTransport,
  DisconnectReason,
  flushNetwork,
  MessageType,
  NetworkSystem,
  NetworkType,
  sendPacket,
  sendRaw,
  setNetworkConfig,
  Socket,
} from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { memorySpec } from '../lib/netSpec.ts'
import { type Link, type TestNet } from '../lib/TestNet.ts'
import { onEach, recordEvents } from '../lib/recordEvents.ts'
import { withMemory } from '../lib/withNet.ts'

function withMessages(run: (net: TestNet) => void): () => Promise<void> {
  return withMemory(run, createMemoryTransport({ boundaries: 'message' }))
}

function linkOf(net: TestNet, raw: boolean): Link {
  const host = net.world()
  return net.link(host, net.serverIn(host, { raw }), net.world(), { raw })
}

/** What a world hears of what the other end sends. */
function heard(world: World, send: () => void, from: World): [hex: string, type: number][] {
  const events = recordEvents(world)
  send()
  flushNetwork(from)
  NetworkSystem(world)
  return events.map(({ buffer, message_type }) => [buffer!, message_type!])
}

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))

memorySpec('messages :: of a transport that keeps their limits', (it) => {
  it(
    'packets are binary, and sendPacket returns the size without a header',
    withMessages((net) => {
      const { host, guest, client, accepted } = linkOf(net, false)
      const toHost = heard(
        host,
        () => {
          assert.is(sendPacket(guest, client, bytes('0102')), 2)
          assert.is(sendPacket(guest, client, bytes('')), 0)
        },
        guest,
      )
      assert.equal(toHost, [
        ['0102', 1],
        ['', 1],
      ])
      assert.equal(
        heard(guest, () => sendPacket(host, accepted, bytes('03')), host),
        [['03', 1]],
      )
    }),
  )

  it(
    'raw messages keep their limits and types, and empty ones count',
    withMessages((net) => {
      const { host, guest, client } = linkOf(net, true)
      const messages = heard(
        host,
        () => {
          assert.is(sendRaw(guest, client, bytes('0102')), 2)
          assert.is(sendRaw(guest, client, bytes('68c3a9'), { size: 3, type: MessageType.text }), 3)
          assert.is(sendRaw(guest, client, bytes('')), 0)
          assert.is(sendRaw(guest, client, bytes(''), { size: 0, type: MessageType.text }), 0)
          assert.is(sendRaw(guest, client, bytes('03'), { size: 1, type: MessageType.binary }), 1)
        },
        guest,
      )
      assert.equal(messages, [
        ['0102', 1],
        ['68c3a9', 2],
        ['', 1],
        ['', 2],
        ['03', 1],
      ])
    }),
  )

  it(
    'bytes that are no UTF-8 leave as U+FFFD in a text, and as they are otherwise',
    withMessages((net) => {
      const { host, guest, client } = linkOf(net, true)
      const messages = heard(
        host,
        () => {
          // A lone continuation byte; a byte order mark, which is text like any other.
          assert.is(sendRaw(guest, client, bytes('61ff62'), { size: 3, type: MessageType.text }), 3)
          assert.is(
            sendRaw(guest, client, bytes('efbbbf61'), { size: 4, type: MessageType.text }),
            4,
          )
          assert.is(sendRaw(guest, client, bytes('61ff62')), 3)
        },
        guest,
      )
      assert.equal(messages, [
        ['61efbfbd62', 2],
        ['efbbbf61', 2],
        ['61ff62', 1],
      ])
    }),
  )

  it('refuses a type that is none', (net) => {
    const world = net.world()
    assert.throws(
      () => sendRaw(world, 1, bytes(''), { size: 0, type: 3 as MessageType }),
      'sendRaw: type must be MessageType.binary or MessageType.text, got 3',
    )
  })

  it(
    'a message above the limit ends a raw connection, and the limit can be changed',
    withMessages((net) => {
      const { host, guest, client, accepted } = linkOf(net, true)
      assert.is(setNetworkConfig(host, accepted, { messageBytesMax: 3 }), 0)
      assert.equal(
        heard(host, () => sendRaw(guest, client, bytes('010203')), guest),
        [['010203', 1]],
      )
      const ends: EntityId[] = []
      onEach(host, (load) => {
        if (load.type !== NetworkType.disconnect) return
        ends.push(load.socket)
        assert.is(Socket(host).disconnectReason[load.socket], DisconnectReason.tooLarge)
      })
      sendRaw(guest, client, bytes('01020304'))
      flushNetwork(guest)
      NetworkSystem(host)
      assert.equal(ends, [accepted])
    }),
  )
})

memorySpec('messages :: of a stream', (it) => {
  it('have no type, and the type of sendRaw has no effect', (net) => {
    const { host, guest, client } = linkOf(net, true)
    const events = recordEvents(host)
    assert.is(sendRaw(guest, client, bytes('61ff'), { size: 2, type: MessageType.text }), 2)
    flushNetwork(guest)
    NetworkSystem(host)
    assert.equal(
      events.map(({ buffer }) => buffer),
      ['61ff'],
    )
    assert.is('message_type' in events[0]!, false)
  })
})
