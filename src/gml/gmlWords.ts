// The words of the main face in warnings, and GameMaker's for them.

const words: readonly (readonly [RegExp, string])[] = [
  [/\bawait connectSocket first\b/g, 'network_connect comes first'],
  [/\blook at the result of connectSocket\b/g, 'see what network_connect was given'],
  [
    /\bits clients are query\(.+\)$/g,
    'its clients have ids of their own, the key socket of their connect events',
  ],
  [/\ba server with raw: true\b/g, 'network_create_server_raw'],
  [/\bconnect with raw: true\b/g, 'network_connect_raw'],
  [
    /\bleave out raw: true here, or use raw functions there\b/g,
    'one side uses raw functions, the other does not',
  ],
  [/\bNetworkSystem\(world\)/g, 'gml_step()'],
  [/\basyncLoad\b/g, 'async_load'],
  [/\bconnectSocket\b/g, 'network_connect'],
  [/\bcreateServer\b/g, 'network_create_server'],
  [/\bcreateSocket\b/g, 'network_create_socket'],
  [/\bsendPacket\b/g, 'network_send_packet'],
  [/\bsendRaw\b/g, 'network_send_raw'],
  [/\bsendUdpRaw\b/g, 'network_send_udp_raw'],
  [/\bsendUdp\b/g, 'network_send_udp'],
  [/\bSocketType\.(tcp|udp|wss?)\b/g, 'network_socket_$1'],
  [/\bmessageBytesMax\b/g, 'network_config_message_size_limit'],
]

/**
 * A warning in GameMaker's words.
 *
 * @param handleOf the handle of an entity's socket, if it has one
 */
export function inGmlWords(
  message: string,
  handleOf: (entity: number) => number | undefined,
): string {
  const named = message.replaceAll(
    /\bsocket (\d+)\b/g,
    (_whole, entity: string) => `socket ${handleOf(Number(entity)) ?? entity}`,
  )
  return words.reduce((text, [main, gml]) => text.replaceAll(main, gml), named)
}
