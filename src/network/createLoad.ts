import { type AsyncLoad, DataLoad, SocketLoad } from '../../components/AsyncLoad.ts'
import { receivedBuffer } from '../buffer/NetworkBuffer.ts'
import { NetworkType } from '../constants/NetworkType.ts'
import { SocketRole } from '../constants/SocketRole.ts'
import { headerBytes, payloadSize } from '../protocol/packetHeader.ts'
import { type DataArrival, type LossArrival, type StateArrival } from './Arrival.ts'
import { type NetworkSocket } from './NetworkSocket.ts'

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

/** Makes the event of a change of the connection, if anybody is to hear of it. */
export function createStateLoad(arrival: StateArrival | LossArrival): AsyncLoad | undefined {
  if (arrival.kind === 'peerLost') return new SocketLoad(NetworkType.disconnect, arrival.source, 0)
  const { kind, socket } = arrival
  if (kind === 'connect') return new SocketLoad(NetworkType.connect, socket, 1)
  if (kind === 'connectResult') {
    const succeeded = socket.connectError === 0 ? 1 : 0
    return new SocketLoad(NetworkType.nonBlockingConnect, socket, succeeded)
  }
  return isHeard(socket) ? new SocketLoad(NetworkType.disconnect, socket, 0) : undefined
}

/** Whether the end of a connection is an event. */
export function isHeard({ role, network }: NetworkSocket): boolean {
  return role === SocketRole.accepted || network.config.clientDisconnectEvents
}
