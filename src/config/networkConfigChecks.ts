import { type OptionTable } from '../errors/checkOptions.ts'
import { type NetworkConfig } from './NetworkConfig.ts'
import {
  checkBoolean,
  checkClock,
  checkFunction,
  checkPolicy,
  checkProtocol,
  integerIn,
  limitIn,
  oneOf,
} from '../errors/optionChecks.ts'

const positive = /* @__PURE__ */ integerIn(1)
const limit = /* @__PURE__ */ limitIn(1)

/** The settings of a world, with the check of each. */
export const networkConfigChecks: OptionTable<NetworkConfig> = {
  connectTimeoutMs: positive,
  handshakeTimeoutMs: positive,
  nonBlocking: checkBoolean,
  clientDisconnectEvents: checkBoolean,
  malformed: checkPolicy,
  badMessages: /* @__PURE__ */ oneOf('report', 'disconnect', 'throw'),
  clientMessageBytesMax: positive,
  acceptedMessageBytesMax: positive,
  clientSendQueueBytesMax: positive,
  acceptedSendQueueBytesMax: positive,
  writeStallMs: positive,
  queuedEventsMax: limit,
  queuedBytesMax: limit,
  eventsPerTickMax: limit,
  endsPerTickMax: limit,
  eventsPerSocketMax: limit,
  pingIntervalMs: limit,
  pongTimeoutMs: positive,
  webSocketProtocol: checkProtocol,
  datagramsPerSenderMax: limit,
  sendersMax: limit,
  datagramQueueBytesMax: limit,
  reliableMessageBytesMax: positive,
  gameId: /* @__PURE__ */ integerIn(-2_147_483_648),
  clock: checkClock,
  random: checkFunction,
  warn: checkFunction,
}
