// The main face of bitecs-networking, for Node and for browsers: package.json's "imports" gives each its
// own transports.
//
// From the ground up: bundlers keep this order, and what is alike compresses better the closer it stands (`npm run size`).

export { BufferError } from './constants/BufferError.ts'
export { BufferKind } from './constants/BufferKind.ts'
export { BufferType } from './constants/BufferType.ts'
export { DisconnectReason } from './constants/DisconnectReason.ts'
export { MessageType } from './constants/MessageType.ts'
export { NetworkError, networkErrorName } from './constants/NetworkError.ts'
export { NetworkType } from './constants/NetworkType.ts'
export { SeekBase } from './constants/SeekBase.ts'
export { SocketRole } from './constants/SocketRole.ts'
export { SocketType } from './constants/SocketType.ts'
export { BadMessageError } from './errors/BadMessageError.ts'
export { FreedError } from './errors/FreedError.ts'
export { type ErrorPeer, peerOf } from './errors/peerOf.ts'

export { type Clock } from './clock/Clock.ts'
export { createVirtualClock, type VirtualClock } from './clock/createVirtualClock.ts'
export { startTicks, type Ticks, type TicksOptions } from './clock/startTicks.ts'

export {
  createMemoryTransport,
  type MemoryOptions,
} from './transport/memory/createMemoryTransport.ts'
export {
  createMemoryDatagrams,
  type MemoryDatagram,
  type MemoryDatagramOptions,
} from './transport/memory/createMemoryDatagrams.ts'
export {
  type BindOptions,
  type DatagramEndpoint,
  type DatagramEvents,
  type DatagramTransport,
} from './transport/DatagramTransport.ts'
export {
  type Certificate,
  type CloseCause,
  type Connection,
  type ConnectionEvents,
  type HttpServer,
  type Listener,
  type ListenerEvents,
  type ListenOptions,
  type MessageFraming,
  type MessageLimits,
  type Transport,
  type TransportCapabilities,
  type TransportConnectOptions,
  type WebSocketListenOptions,
} from './transport/Transport.ts'

export { type Subscription } from './event/Subscription.ts'
export { type MalformedPolicy } from './protocol/ByteStream.ts'

export { broadcast } from './api/broadcast.ts'
export { closeNetwork } from './api/closeNetwork.ts'
export { connectSocket } from './api/connectSocket.ts'
export { createServer } from './api/createServer.ts'
export { createSocket } from './api/createSocket.ts'
export { destroySocket } from './api/destroySocket.ts'
export { flushNetwork } from './api/flushNetwork.ts'
export { type NetworkingHandler, onNetworking } from './api/onNetworking.ts'
export { resolveHost } from './api/resolveHost.ts'
export { type SendTarget } from './network/sendMessage.ts'
export { sendPacket } from './api/sendPacket.ts'
export { sendRaw } from './api/sendRaw.ts'
export { type SendSource } from './protocol/messageToSend.ts'
export { sendUdp } from './api/sendUdp.ts'
export { sendUdpRaw } from './api/sendUdpRaw.ts'
export { setNetworkConfig } from './api/setNetworkConfig.ts'
export { setSocketTimeout } from './api/setSocketTimeout.ts'
export { type ConnectOptions } from './config/ConnectOptions.ts'
export { type BadMessagePolicy, type NetworkConfig } from './config/NetworkConfig.ts'
export { type NetworkingOptions } from './config/NetworkingOptions.ts'
export { type RawOptions } from './config/RawOptions.ts'
export { type ServerOptions } from './config/ServerOptions.ts'
export { type SocketConfig } from './config/SocketConfig.ts'
export { type TransportChoice } from './config/TransportTable.ts'

export { NetworkReceiveSystem } from '../systems/NetworkReceiveSystem.ts'
export { NetworkSystem } from '../systems/NetworkSystem.ts'

export { AcceptedBy } from '../components/AcceptedBy.ts'
export {
  type AsyncLoad,
  type ConnectLoad,
  type DataLoad,
  type DisconnectLoad,
  type NonBlockingConnectLoad,
  type SocketLoad,
} from './event/AsyncLoad.ts'
export { AsyncNetworking, type AsyncNetworkingStore } from '../components/AsyncNetworking.ts'
export { NetworkEvent, type NetworkEventStore } from '../components/NetworkEvent.ts'
export { Socket, type SocketStore } from '../components/Socket.ts'
export { Connected, Connecting, Disconnected, Listening } from '../components/stateTags.ts'

export { type BufferValue, type ReadValue, type WriteValue } from './buffer/BufferValue.ts'
export { bufferTypeSize } from './buffer/bufferTypeSize.ts'
export { copyBuffer } from './buffer/copyBuffer.ts'
export { copyBufferStride } from './buffer/copyBufferStride.ts'
export { bufferExists, createBuffer, deleteBuffer } from './buffer/createBuffer.ts'
export { fillBuffer } from './buffer/fillBuffer.ts'
export {
  getBufferAlignment,
  getBufferBytes,
  getBufferKind,
  getBufferSize,
  getBufferUsedSize,
  setBufferUsedSize,
} from './buffer/getBufferSize.ts'
export { type NetworkBuffer } from './buffer/NetworkBuffer.ts'
export { peekBuffer } from './buffer/peekBuffer.ts'
export { pokeBuffer } from './buffer/pokeBuffer.ts'
export { readBuffer } from './buffer/readBuffer.ts'
export { readText } from './buffer/readText.ts'
export { resizeBuffer } from './buffer/resizeBuffer.ts'
export { seekBuffer, tellBuffer } from './buffer/seekBuffer.ts'
export { writeBuffer } from './buffer/writeBuffer.ts'

export { checksumBuffer } from './content/checksumBuffer.ts'
export { compressBuffer, decompressBuffer } from './content/compressBuffer.ts'
export { decodeBase64, decodeBase64Into } from './content/decodeBase64.ts'
export { digestBuffer } from './content/digestBuffer.ts'
export { encodeBase64 } from './content/encodeBase64.ts'
export { loadBuffer } from './content/loadBuffer.ts'
export { loadBufferInto } from './content/loadBufferInto.ts'
export { saveBuffer } from './content/saveBuffer.ts'
