import { type OptionTable } from '../errors/checkOptions.ts'

/** Which events `onNetworking` subscribes to. */
export interface NetworkingOptions {
  /**
   * Only those of this socket, or of these: an entity, an array of entities, or what `query` returns. A server's include
   * those of its clients.
   */
  readonly from?: number | Iterable<number>
}

/** `onNetworking` looks whether they are sockets. */
export const networkingOptionChecks: OptionTable<NetworkingOptions> = { from() {} }
