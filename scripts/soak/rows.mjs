// What `npm run soak` runs for each row of docs/reliability.md, at full size.

/**
 * A test file of a row, by its path in test/ without `.test.ts`.
 *
 * @typedef {object} Soak
 * @property {string} test
 * @property {number} [parts] Processes that share the amount, one after the other: what is finished stays finished when the soak
 * is stopped. 1 if absent.
 * @property {number} [limitS] Seconds that a part may take, 600 if absent.
 */

/** @type {Readonly<Record<string, readonly Soak[]>>} */
export const rows = {
  'R-01': [{ test: 'protocol/splits.row', parts: 10 }],
  'R-02': [
    { test: 'fuzz/protocol.row', parts: 10 },
    { test: 'fuzz/contents.row', parts: 5 },
    { test: 'fuzz/replication.row', parts: 10 },
    { test: 'protocol/webSocket/FrameReader.differential.row', parts: 10 },
    { test: 'reliability/liveFuzz.row', parts: 2 },
    { test: 'reliability/hostileServers.long', parts: 4 },
  ],
  'R-03': [{ test: 'network/badInput.row' }],
  'R-04': [{ test: 'network/lengthClaims.row' }],
  'R-05': [{ test: 'protocol/linear.row' }],
  'R-06': [{ test: 'network/pinnedMemory.row' }],
  'R-07': [{ test: 'reliability/slowLoris.long' }],
  'R-08': [{ test: 'reliability/connectFlood.long' }],
  'R-09': [{ test: 'reliability/churn.long', limitS: 3000 }],
  'R-10': [{ test: 'reliability/messageFlood.long' }],
  'R-11': [{ test: 'reliability/datagramFlood.long' }],
  'R-12': [{ test: 'reliability/slowReader.row' }],
  'R-13': [{ test: 'reliability/deadPeers.long' }],
  'R-14': [
    { test: 'protocol/reliable/badNetwork.row', parts: 10 },
    { test: 'protocol/reliable/restart.row', parts: 4 },
    { test: 'protocol/reliable/secondPeer.row', parts: 2 },
    { test: 'network/plainUdp.row', parts: 2 },
    { test: 'network/reliableUdp.long' },
    { test: 'simulation/reliableUdp.row', parts: 4 },
    { test: 'simulation/turmoil.row', parts: 10 },
  ],
  'R-15': [{ test: 'systems/throwingHandlers.row' }],
  'R-16': [{ test: 'model/lifeCycles.row', parts: 4 }],
  'R-17': [{ test: 'model/staleIds.row', parts: 3 }, { test: 'model/recycledIds.row' }],
  'R-18': [{ test: 'network/manyMessages.long', limitS: 3000 }],
  'R-19': [{ test: 'reliability/osErrors.long' }, { test: 'reliability/faultySystem.long' }],
  'R-20': [{ test: 'network/addressFamilies.row' }],
  'R-21': [{ test: 'reliability/clockJumps.long' }],
  'R-22': [
    { test: 'transport/webSocketFaults.row', limitS: 1200 },
    { test: 'transport/webSocketHandshake' },
  ],
  'R-23': [{ test: 'transport/tlsCrowd.long' }],
  'R-24': [{ test: 'api/pollution.row', parts: 2 }, { test: 'api/withoutProto.row' }],
  'R-25': [{ test: 'network/udpAmplification.row', parts: 2 }],
  'R-26': [{ test: 'reliability/shutdown.long' }],
  'R-27': [{ test: 'network/eventRegressions.row' }],
  'R-28': [{ test: 'reliability/longSoak.long', limitS: 2100 }],
  'R-30': [{ test: 'lint/dependencies' }],
  'R-31': [
    { test: 'docs/noise.long', limitS: 5000 },
    { test: 'demos/arena/noise.long', limitS: 5000 },
  ],
  'R-32': [{ test: 'network/stoppedServer.long' }],
  'R-33': [{ test: 'transport/clusterWorker' }, { test: 'transport/noDescriptors' }],
}
