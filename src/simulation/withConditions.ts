import { platformTransports } from '#platform'
import { defaultConfig } from '../config/NetworkConfig.ts'
import {
  chooseTransport,
  isDatagramTransport,
  type TransportChoice,
} from '../config/TransportTable.ts'
import { socketTypeName } from '../constants/SocketType.ts'
import { checkOptions, type OptionTable } from '../errors/checkOptions.ts'
import { checkClock, checkFunction } from '../errors/optionChecks.ts'
import { createWarner } from '../warnings/Warner.ts'
import { BadLine } from './BadLine.ts'
import {
  type ConditionedTransport,
  type ConditionedTransportOptions,
  type LineChoice,
} from './ConditionedTransport.ts'
import { createConditionedDatagrams } from './createConditionedDatagrams.ts'
import { createConditionedStreams } from './createConditionedStreams.ts'

const optionChecks: OptionTable<ConditionedTransportOptions> = {
  clock: checkClock,
  random: checkFunction,
}

/**
 * Makes a transport that carries the sockets of a real one as if over a bad line, so that a game can be felt on it: `createServer`
 * and `createSocket` take it in place of the type. What is sent waits before it reaches the real socket, and what has come to
 * that waits before it is received.
 *
 * Connections are delayed in order and lose nothing; datagrams are lost, repeated, swapped and changed. Give it to one side:
 * the line of a game that uses it on both is there twice. Each connection and each UDP socket has a line of its own.
 *
 * @param type a `SocketType` of this platform, or a transport
 * @param conditions a preset, or what differs from a perfect line; `{ out, in }` sets what is sent and what is received apart
 * @throws TypeError for a type that this platform does not have; TypeError or RangeError for wrong conditions or options
 */
export function withConditions(
  type: TransportChoice,
  conditions: LineChoice,
  options: ConditionedTransportOptions = {},
): ConditionedTransport {
  const where = 'withConditions'
  const table = new Map(platformTransports.map((transport) => [transport.type, transport]))
  const config = { ...defaultConfig(), ...checkOptions(where, 'option', options, optionChecks) }
  // Nobody who calls this has a world whose warnings could say it.
  const transport = chooseTransport(where, table, createWarner({ ...config, warn() {} }), type)
  if (transport === undefined) {
    const offered = [...table.keys()].map(socketTypeName).join(', ')
    const name = socketTypeName(Number(type))
    throw new TypeError(`${where}: there are no ${name} sockets here; this platform has ${offered}`)
  }
  const { clock, random } = config
  const line = new BadLine(where, conditions, clock, random)
  const conditioned = isDatagramTransport(transport)
    ? createConditionedDatagrams(transport, line)
    : createConditionedStreams(transport, line)
  return {
    ...conditioned,
    setConditions: (choice) => line.setConditions(choice),
    cut: (way) => line.cut(way),
    heal: (way) => line.heal(way),
    get lostPackets() {
      return line.lostPackets
    },
  }
}
