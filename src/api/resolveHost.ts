import { lookUpHost } from '#platform'
import { NetworkError } from '../constants/NetworkError.ts'
import { checkHost } from '../errors/argumentErrors.ts'
import { ipv4First } from '../transport/HostNames.ts'

/**
 * Looks a host name up: GameMaker's `network_resolve`, which blocks; this does not.
 *
 * @returns the numeric address: the first of IPv4, or of IPv6 if it has no other; or `NetworkError.hostNotFound`, in
 * browsers always; or `tooManySockets` if no descriptor was free to ask
 */
export async function resolveHost(host: string): Promise<string | NetworkError> {
  checkHost('resolveHost', host)
  const found = await lookUpHost(host)
  return typeof found === 'number' ? found : (ipv4First(found)[0] ?? NetworkError.hostNotFound)
}
