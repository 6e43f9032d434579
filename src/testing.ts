// The face bitecs-networking/testing: a suite that any transport can run, without a test runner.

export { type TransportCase, transportCases } from './testing/transportCases.ts'
export { type TransportSubject } from './testing/TransportSubject.ts'
