// From an event of the main face to the map that GameMaker code reads.

import type { EntityId } from 'bitecs'
import { type AsyncLoad, type DataLoad } from '../../event/AsyncLoad.ts'
import { Socket } from '../../../components/Socket.ts'
import { NetworkBuffer } from '../../buffer/NetworkBuffer.ts'
import { BufferKind } from '../../constants/BufferKind.ts'
import { NetworkType } from '../../constants/NetworkType.ts'
import { SocketRole } from '../../constants/SocketRole.ts'
import { SocketType } from '../../constants/SocketType.ts'
import { webSocketUrl } from '../../transport/webSocketUrl.ts'
import { findSocket, type GmlWorld, handleInEvent } from '../binding.ts'
import { addBuffer } from '../buffer/bufferHandles.ts'
import { createDsMap, type DsMap, setEntry } from '../ds/structures/DsMap.ts'
import { settings } from '../settings.ts'

/** The map of an event, and the handle of its buffer; -1 if it has none. */
export interface EventMap {
  readonly map: DsMap
  readonly buffer: number
}

/** Makes the map of an event, with the keys that the settings ask for. */
export function createEventMap(gml: GmlWorld, load: AsyncLoad): EventMap {
  const map = createDsMap()
  const socket = load.type === NetworkType.data ? load.id : load.socket
  setEntry(map, 'type', load.type)
  setEntry(map, 'id', handleInEvent(gml, load.id))
  setEntry(map, 'ip', ipOf(gml, socket, load))
  setPorts(map, gml, socket, load)
  if (load.type === NetworkType.data) return { map, buffer: setData(map, gml, load) }
  const isResult = load.type === NetworkType.nonBlockingConnect
  const keys = settings.event_keys
  const isOld = keys === 'all' || keys === '2018'
  if (isOld || !isResult) setEntry(map, 'socket', handleInEvent(gml, load.socket))
  if (isOld || isResult) setEntry(map, 'succeeded', load.succeeded)
  return { map, buffer: -1 }
}

function setData(map: DsMap, gml: GmlWorld, load: DataLoad): number {
  const buffer = addBuffer(bufferOf(load))
  setEntry(map, 'buffer', buffer)
  setEntry(map, 'size', load.size)
  const keys = settings.event_keys
  const { server, message_type } = load
  if (server !== undefined && keys !== '2018' && keys !== 'html5')
    setEntry(map, 'server', handleInEvent(gml, server))
  if (message_type === undefined || keys === '2018') return buffer
  const isUnknown = keys === 'html5' && server !== undefined
  setEntry(map, 'message_type', isUnknown ? undefined : message_type)
  return buffer
}

/** A buffer over the bytes of the event's own, which is still the other face's to read when this one is freed. */
function bufferOf(load: DataLoad): NetworkBuffer {
  const { memory, start } = load.buffer
  // A handler of the other face has freed it.
  if (memory === undefined) return load.buffer
  const size = Math.min(load.size, load.buffer.size)
  const kind = settings.event_buffer === 'grow' ? BufferKind.grow : BufferKind.fixed
  const buffer = new NetworkBuffer(memory, start, size, kind, 1, size)
  buffer.isReceived = true
  return buffer
}

function ipOf(gml: GmlWorld, socket: EntityId, load: AsyncLoad): string {
  if (settings.event_ip === 'numeric') return load.ip
  const url = findSocket('async_load', handleInEvent(gml, socket))?.url ?? ''
  return url === '' ? load.ip : url
}

function setPorts(map: DsMap, { network }: GmlWorld, socket: EntityId, load: AsyncLoad): void {
  const store = Socket(network.world)
  const port = load.port === 0 ? portOfUrl(load.ip, store.type[socket]) : load.port
  const role = store.role[socket]
  const isListening = settings.event_port === 'listening'
  if (isListening && role === SocketRole.accepted) {
    setEntry(map, 'port', store.localPort[socket])
    setEntry(map, 'other_port', port)
    return
  }
  setEntry(map, 'port', port)
  // Of a client the HTML5 runner has the one port twice, in data events only.
  if (
    isListening &&
    role === SocketRole.client &&
    load.type === NetworkType.data &&
    store.type[socket] !== SocketType.udp
  )
    setEntry(map, 'other_port', port)
}

/** The port of the URL that could not be connected to, which was given without one beside it. */
function portOfUrl(url: string, type: number | undefined): number {
  const isWebSocket = type === SocketType.ws || type === SocketType.wss
  return isWebSocket ? (webSocketUrl(type, url, 0)?.port ?? 0) : 0
}
