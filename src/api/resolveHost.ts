import { lookUpHost } from '#platform'
import { NetworkError } from '../constants/NetworkError.ts'
import { wrongType } from '../errors/argumentErrors.ts'

/**
 * Looks a host name up: GameMaker's `network_resolve`, which blocks; this does not.
 *
 * @returns the first numeric address, IPv4 or IPv6; or `NetworkError.hostNotFound`. In browsers always that
 */
export async function resolveHost(host: string): Promise<string | NetworkError> {
  if (typeof host !== 'string' || host === '')
    throw wrongType('resolveHost', 'host', 'a name or an address', host)
  return (await lookUpHost(host)) ?? NetworkError.hostNotFound
}
