// The keys of each kind of Networking event, while it lives and after its end.

import { inspect } from 'node:util'
import { MessageType, NetworkType } from 'bitecs-networking'
import * as assert from 'uvu/assert'
import { receivedBuffer } from '../../src/buffer/NetworkBuffer.ts'
import { memoryOf } from '../../src/buffer/BufferMemory.ts'
import {
  type AsyncLoad,
  DataLoad,
  endAsyncLoad,
  type EventSource,
  SocketLoad,
} from '../../src/event/AsyncLoad.ts'
import { spec } from '../spec.ts'

const ofClient: EventSource = { entity: 7, ip: '::1', port: 6_510, server: undefined }
const ofServer: EventSource = { ...ofClient, server: { entity: 3 } }
const buffer = receivedBuffer(memoryOf(Uint8Array.of(1, 2, 3)), 1, 2)

const peer = { ip: '::1', port: 6_510 }
const data = { ...peer, type: NetworkType.data, id: 7, buffer, size: 2 }
const text = { message_type: MessageType.text }
const server = { server: 3 }

function dataLoad(source: EventSource, messageType: MessageType | 0): AsyncLoad {
  return new DataLoad(source, receivedBuffer(memoryOf(new Uint8Array(2)), 0, 2), 2, messageType)
}

const cases: readonly (readonly [string, AsyncLoad, Record<string, unknown>])[] = [
  [
    'a connect',
    new SocketLoad(NetworkType.connect, ofServer, 1),
    { ...peer, type: NetworkType.connect, id: 3, socket: 7, succeeded: 1 },
  ],
  [
    'a disconnect',
    new SocketLoad(NetworkType.disconnect, ofServer, 0),
    { ...peer, type: NetworkType.disconnect, id: 3, socket: 7, succeeded: 0 },
  ],
  [
    "a client's connect",
    new SocketLoad(NetworkType.nonBlockingConnect, ofClient, 1),
    { ...peer, type: NetworkType.nonBlockingConnect, id: 7, socket: 7, succeeded: 1 },
  ],
  ["a client's data", dataLoad(ofClient, 0), data],
  ["a server's data", dataLoad(ofServer, 0), { ...data, ...server }],
  ["a message of a client's WebSocket", dataLoad(ofClient, MessageType.text), { ...data, ...text }],
  [
    "a message of a server's WebSocket",
    dataLoad(ofServer, MessageType.text),
    { ...data, ...server, ...text },
  ],
]

/** All but the buffer, of which each event has its own. */
function plain({ buffer, ...others }: Record<string, unknown>): unknown {
  return { ...others, hasBuffer: buffer !== undefined }
}

spec('the keys of a Networking event', (it) => {
  for (const [name, load, expected] of cases) {
    it(`are those of ${name}, whichever way they are read`, () => {
      assert.equal([...load.keys()].sort(), Object.keys(expected).sort())
      assert.is(load.keyCount, Object.keys(expected).length)
      assert.equal(plain(load.toJSON()), plain(expected))
      assert.match(inspect(load), /port: 6510/)
      for (const key of ['server', 'message_type', 'socket', 'size'])
        assert.is(load.has(key), key in expected, key)
      if (load instanceof DataLoad) {
        assert.is(load.server, expected['server'])
        assert.is(load.message_type, expected['message_type'])
      }
    })

    it(`of ${name} throw after its end an error that names the key`, () => {
      const own = load.keys()
      endAsyncLoad(load)
      const getters = load instanceof DataLoad ? [...own, 'server', 'message_type'] : own
      for (const key of getters) {
        const says = new RegExp(`^asyncLoad\\.${key}: .* has ended`)
        assert.throws(() => Reflect.get(load, key), says)
        assert.throws(() => load.get(key), says)
        assert.not(load.has(key))
      }
      assert.equal(load.keys(), [])
      assert.is(inspect(load), 'AsyncLoad (ended)')
    })
  }
})
