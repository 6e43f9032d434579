import { capabilityCases } from './capabilityCases.ts'
import { connectionCases } from './connectionCases.ts'
import { datagramCases } from './datagramCases.ts'
import { endCases } from './endCases.ts'
import { endpointCases } from './endpointCases.ts'
import { framingCases } from './framingCases.ts'
import { interfaceCases } from './interfaceCases.ts'
import { interfaceEndCases } from './interfaceEndCases.ts'
import { messageCases } from './messageCases.ts'
import { type StageCase, withStage } from './Stage.ts'
import { isDatagrams, resolveSubject, type TransportSubject } from './TransportSubject.ts'

/** One check. */
export interface TransportCase {
  /** What has to be so. */
  readonly name: string
  /** Resolves if it is so, else rejects with an `Error` that says what was expected. Closes whatever it has opened. */
  readonly run: () => Promise<void>
}

/**
 * The cases that a transport must pass, chosen by its capabilities. They need no test runner: run each, one after the
 * other or several at a time. Each makes worlds, servers and clients of its own, all in this process.
 *
 * @throws Error if the subject names a `SocketType` that this platform does not have
 */
export function transportCases(subject: TransportSubject): TransportCase[] {
  const resolved = resolveSubject(subject)
  const { transport, reliable } = resolved
  const cases: StageCase[] = isDatagrams(transport)
    ? [...datagramCases(resolved), ...messageCases(resolved)]
    : [...connectionCases(resolved), ...endCases, ...messageCases(resolved)]
  if (!isDatagrams(transport)) cases.push(...interfaceCases, ...interfaceEndCases, ...framingCases)
  else if (reliable === false) cases.push(...endpointCases)
  return [...capabilityCases, ...cases].map(({ name, play }) => ({
    name,
    run: () => withStage(resolved, play),
  }))
}
