// From an event of the main face to the map that GameMaker code reads.

import type { EntityId } from 'bitecs'
import { type AsyncLoad, type DataLoad } from '../../event/AsyncLoad.ts'
import { Socket } from '../../../components/Socket.ts'
import { NetworkBuffer } from '../../buffer/NetworkBuffer.ts'
import { BufferKind } from '../../constants/BufferKind.ts'
import { NetworkType } from '../../constants/NetworkType.ts'
import { SocketRole } from '../../constants/SocketRole.ts'
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
  if (message_type !== undefined && keys !== '2018') setEntry(map, 'message_type', message_type)
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
  const isClientsEvent = store.role[socket] === SocketRole.accepted
  if (settings.event_port === 'peer' || !isClientsEvent) setEntry(map, 'port', load.port)
  else {
    setEntry(map, 'port', store.localPort[socket])
    setEntry(map, 'other_port', load.port)
  }
}
