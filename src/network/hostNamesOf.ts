import { lookUpHost } from '#platform'
import { createHostNames, type HostNames } from '../transport/HostNames.ts'
import { type Network } from './Network.ts'

/** The host names of a world's datagrams. Made when they are needed first, so a bundle without UDP has none of it. */
export function hostNamesOf(network: Network): HostNames {
  return (network.hostNames ??= createHostNames(network.config, lookUpHost, network.isAlive))
}
