/** Why a connection ended: `Socket(world).disconnectReason[entity]`. 0 while there is nothing to tell. */
export const DisconnectReason = {
  none: 0,
  /** The peer closed the connection. */
  closed: 1,
  /** The connection was reset, for example because the peer's process died. */
  reset: 2,
  /** A time limit passed: keep-alive, an unanswered ping, an unfinished packet, a stalled write, a lost peer of reliable UDP. */
  timedOut: 3,
  /** The peer broke the protocol: bytes that are no GameMaker packet with the policy `close`, bad WebSocket frames, a broken
   * reliable session. */
  malformed: 4,
  /** The peer announced a message above the size limit. */
  tooLarge: 5,
  /** Another error of the network. */
  networkError: 6,
} as const

export type DisconnectReason = (typeof DisconnectReason)[keyof typeof DisconnectReason]
