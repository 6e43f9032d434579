// The face bitecs-networking/testing: a suite that any transport can run, without a test runner, and recorders for tests of
// one's own.

export { type ConnectionCall, ConnectionRecorder } from './testing/ConnectionRecorder.ts'
export { DatagramRecorder } from './testing/DatagramRecorder.ts'
export { type TransportCase, transportCases } from './testing/transportCases.ts'
export { type TransportSubject } from './testing/TransportSubject.ts'
