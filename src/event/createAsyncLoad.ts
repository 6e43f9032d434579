import { receivedBuffer } from '../buffer/NetworkBuffer.ts'
import { NetworkType } from '../constants/NetworkType.ts'
import { headerBytes, payloadSize } from '../protocol/packetHeader.ts'
import { type DataArrival, type StateArrival } from './Arrival.ts'
import { type AsyncLoad, DataLoad, SocketLoad } from './AsyncLoad.ts'

/** Makes the next event of an arrival and moves the arrival behind it. */
export function createDataLoad(arrival: DataArrival): DataLoad {
  const { source, memory, messageType } = arrival
  const header = arrival.kind === 'packets' ? headerBytes : 0
  const start = arrival.at + header
  const size = header === 0 ? arrival.end - start : payloadSize(memory.view, arrival.at)
  arrival.at = start + size
  arrival.count--
  return new DataLoad(source, receivedBuffer(memory, start, size), size, messageType)
}

/** Makes the event of a change of a connection. */
export function createStateLoad({ kind, source, succeeded }: StateArrival): AsyncLoad {
  if (kind === 'connect') return new SocketLoad(NetworkType.connect, source, succeeded)
  if (kind === 'connectResult')
    return new SocketLoad(NetworkType.nonBlockingConnect, source, succeeded)
  return new SocketLoad(NetworkType.disconnect, source, succeeded)
}
