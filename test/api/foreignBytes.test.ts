// Bytes and buffers whose class is not the one that the library sees.

import { addEntity, createWorld } from 'bitecs'
import {
  createBuffer,
  BufferKind,
  connectSocket,
  createSocket,
  deleteBuffer,
  NetworkSystem,
  readBuffer,
  BufferType,
  sendPacket,
  sendRaw,
  sendUdp,
  SocketType,
} from 'bitecs-networking'
import { resolve } from 'node:path'
import { runInNewContext } from 'node:vm'
import * as assert from 'uvu/assert'
import { throwsError, wrong } from '../buffer/helpers.ts'
import { messagesOf, recordEvents } from '../lib/recordEvents.ts'
import { memorySpec } from '../lib/netSpec.ts'
import { spec } from '../spec.ts'

const notBytes: [name: string, value: unknown][] = [
  ['an array', [1, 2]],
  ['an ArrayBuffer', new ArrayBuffer(2)],
  ['a SharedArrayBuffer', new SharedArrayBuffer(2)],
  ['a DataView', new DataView(new ArrayBuffer(2))],
  ['an Int8Array', new Int8Array(2)],
  ['a Uint8ClampedArray', new Uint8ClampedArray(2)],
  ['a Uint16Array', new Uint16Array(2)],
  ['a Float64Array', new Float64Array(2)],
  ['an object like bytes', { length: 2, 0: 1, 1: 2 }],
  ['an object that says it is bytes', { [Symbol.toStringTag]: 'Uint8Array', length: 2 }],
  ['an array of another realm', runInNewContext('[1, 2]')],
  ['an ArrayBuffer of another realm', runInNewContext('new ArrayBuffer(2)')],
  ['a Uint16Array of another realm', runInNewContext('new Uint16Array(2)')],
]

memorySpec('bytes of another realm', (it) => {
  it('are sent as others are', (net) => {
    const [link] = net.links(1)
    const { guest, client, host } = link!
    const foreign: Uint8Array = runInNewContext('new Uint8Array([0, 1, 2, 3]).subarray(1)')
    assert.not(foreign instanceof Uint8Array)
    const events = recordEvents(host)
    sendPacket(guest, client, foreign)
    sendPacket(guest, client, foreign, 2)
    sendPacket(guest, client, new Uint8Array(new SharedArrayBuffer(2)))
    NetworkSystem(guest)
    NetworkSystem(host)
    assert.equal(messagesOf(events), ['010203', '0102', '0000'])
  })

  it('are taken as certificates', async (net) => {
    const world = net.world()
    const socket = createSocket(world, SocketType.wss)
    const ca: Uint8Array = runInNewContext('new Uint8Array([45, 45])')
    const result = connectSocket(world, socket, 'localhost', 1, { ca, timeoutMs: 1 })
    assert.ok((await result) < 0)
  })
})

memorySpec('what is not bytes', (it) => {
  for (const [name, value] of notBytes)
    it(`is refused with a message: ${name}`, (net) => {
      const [link] = net.links(1)
      const { guest, client } = link!
      const message = 'buffer must be a buffer, a Uint8Array or a text, got '
      throwsError(() => sendPacket(guest, client, wrong(value)), 'TypeError', message)
      throwsError(() => sendRaw(guest, client, wrong(value)), 'TypeError', message)
      const socket = createSocket(guest, SocketType.udp)
      throwsError(() => sendUdp(guest, socket, '127.0.0.1', 9, wrong(value)), 'TypeError', message)
    })
})

spec('a buffer of another copy of the library', (it) => {
  it('is refused with a message that says so', async () => {
    // The tests run the sources bundled, so the package's build is another copy.
    const copy = (await import(resolve('dist/index.js'))) as { createBuffer: typeof createBuffer }
    const other = copy.createBuffer(4, BufferKind.fixed)
    // Against `dist` it is the same copy.
    if (copy.createBuffer === createBuffer) return
    const message = 'the buffer is of another copy of bitecs-networking'
    throwsError(() => readBuffer(other, BufferType.u8), 'TypeError', 'readBuffer: ', message)
    throwsError(() => deleteBuffer(other), 'TypeError', 'deleteBuffer: ', message)
    const world = createWorld()
    throwsError(() => sendPacket(world, addEntity(world), other), 'TypeError', message)
  })
})
